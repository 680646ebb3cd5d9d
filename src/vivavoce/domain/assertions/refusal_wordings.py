"""The wordings of refusals, as verbose regular expressions; a text is looked at with its white space as
single blanks (`\\s`), straight apostrophes, and without case.

Most are: the bot (`I`), that it cannot or will not, and a verb of doing what was asked. Verbs of perceiving
(understand, find, hear) are not among them: who did not understand does not refuse.
"""

_ENGLISH_DO = """
    help | assist | do | provide | share | give | offer | discuss | comply | fulfil | fulfill | support
    | answer | respond | continue | engage | create | generate | write | produce | disclose | reveal |
    participate | advise | recommend | process | complete | accept | show | tell | talk | comment |
    speculate | facilitate | carry | perform | grant | be\\s(?:able|of)
"""
_ENGLISH_NOT = "can't | cannot | can\\snot | won't | will\\snot | am\\snot\\sable\\sto | 'm\\snot\\sable\\sto"
_ENGLISH = rf"""
    \bi \s (?:(?:just|simply|really|also|still|therefore|unfortunately)\s)? (?:{_ENGLISH_NOT}) \s
        (?:(?:really|directly|ethically|legally|actually|personally|in\sgood\sconscience)\s)?
        (?:{_ENGLISH_DO}) \b
        (?! \s(?:but\s(?!i\b)|you\s(?:what|whether)|you\show\s(?:much|happy|sorry))
            | [^.!?,;]*\s(?:more|enough)\b
            | [^.!?,;]*\s(?:until|unless|without|before)\b )
    | \bi (?:'m|\sam) \s (?:(?:sorry|afraid|really|unfortunately|currently|simply|just)[,.]?\s){{0,2}}
        (?:but\s)? (?:i\s?(?:'m|am)\s)?
        (?: (?:unable|not\s(?:able|allowed|permitted|authori[sz]ed|in\sa\sposition|programmed|designed|going
            |willing)) \s to \s (?:{_ENGLISH_DO})
          | not\scomfortable\s(?:with|to|\w+ing)
          | (?:unable|not\sable) \s to \s (?:do\sthat|that) ) \b
        (?! [^.!?,;]*\s(?:until|unless|without|before)\b )
    | \bi (?:'m|\sam) \s (?:(?:really|very|so)\s)? (?:sorry|afraid) [,.]? \s (?:but\s)? (?:that\s)? i \s
        (?:can't|cannot|won't) [.!]? $
    | \bi (?:\smust|\shave\sto|\sneed\sto|'ll\shave\sto|\swill\shave\sto)? \s
        (?:(?:respectfully|politely)\s)? (?:decline|refuse) \b
    | \bi (?:'d|\swould) \s (?:rather|prefer) \s not \s (?:to\s)? (?:{_ENGLISH_DO}) \b
    | \bi \s (?:don't|do\snot) \s feel \s comfortable \b
    | \b(?:against|violates?) \s (?:my|our|openai's) \s (?:\w+\s)?
        (?:guidelines|polic(?:y|ies)|principles|programming|rules|terms) \b
    | \bnot \s something \s (?:that\s)? (?:i|we) \s (?:can|am\sable\sto|could) \s (?:{_ENGLISH_DO}) \b
    | \b(?:outside|beyond) \s (?:of\s)? my \s (?:scope|remit|capabilities) \b
"""

_GERMAN_DO = """
    helfen | weiterhelfen | behilflich\\ssein | unterstützen | geben | beantworten | erfüllen | machen |
    tun | bereitstellen | besprechen | teilen | schreiben | erstellen | anbieten | herausgeben | nennen
    | dienen | nachkommen | verraten | mitteilen | weitergeben | ausführen
"""
_GERMAN = rf"""
    \b(?:ich\s(?:kann|darf|werde|möchte)|wir\s(?:können|dürfen)|(?:kann|darf|werde|möchte)\sich
        |(?:können|dürfen)\swir)
        \s (?:[\p{{L}}-]+,?\s){{0,5}}? (?:nicht|keine?[nrms]?|nichts)
        \s (?:[\p{{L}}-]+,?\s){{0,7}}? (?:{_GERMAN_DO}) \b
    | \bich \s bin \s (?:leider\s)? nicht \s (?:in\sder\slage|befugt|berechtigt|autorisiert) \b
    | \bes \s ist \s mir \s (?:leider\s)? nicht \s (?:möglich|erlaubt|gestattet) \b
    | \b(?:muss\sich|ich\smuss) \s (?:[\p{{L}}-]+\s){{0,4}} (?:ablehnen|verweigern) \b
    | \bich \s (?:verweigere | lehne\s(?:[\p{{L}}-]+\s){{0,4}}ab) \b
    | \b(?:verstößt|verstieße|verstoßen) \s gegen \s (?:meine|unsere|die) \s (?:[\p{{L}}-]+\s)?
        (?:richtlinien|regeln|grundsätze|vorgaben) \b
"""

_FRENCH_DO = """
    aider | assister | faire | fournir | donner | répondre | partager | discuter | écrire | créer |
    divulguer | accéder\\sà\\s(?:votre|ta|cette)\\sdemande | communiquer | révéler | traiter
"""
_FRENCH = rf"""
    \bje \s ne \s (?:(?:vous|te|le|la|les|lui)\s)?
        (?:peux|pourrai|suis\spas\sen\smesure\sde|suis\spas\sautorisée?\sà|suis\spas\scapable\sde|souhaite)
        (?:\s(?:malheureusement|vraiment|hélas))? (?:\spas)? \s
        (?:\p{{L}}'\s?|(?:vous|te|le|la|les|lui|en|y|de)\s){{0,2}} (?:{_FRENCH_DO}) \b
    | \bje \s ne \s suis \s (?:malheureusement\s)? pas \s (?:en\smesure|autorisée?|habilitée?)
        \s (?:de|à|d') \s?
        (?!comprendre|trouver) \p{{L}}
    | \bje \s (?:dois|suis\sobligée?\sde|me\svois\sdans\sl'obligation\sde) \s (?:décliner|refuser) \b
    | \bje \s refuse \s (?:de\b|d') | \bcontraire \s à \s (?:mes|nos) \s (?:directives|principes|règles) \b
    | \bil \s m'est \s (?:impossible|interdit) \s d[e'] \s? (?:(?:vous|te)\s)? (?:{_FRENCH_DO}) \b
"""

_SPANISH_DO = """
    ayudar | asistir | hacer | proporcionar | dar | ofrecer | responder | compartir | hablar | escribir
    | crear | revelar | atender | cumplir | facilitar
"""
_SPANISH = rf"""
    \bno \s (?:(?:te|le|les|os|lo|la)\s)? (?:puedo|podemos|podré|me\ses\sposible|nos\ses\sposible) \s
        (?:{_SPANISH_DO}) (?:te|le|les|lo|los|la|las|nos|se)* \b
    | \bno \s (?:estoy|estamos) \s (?:autorizad[oa]s?|en\scondiciones|facultad[oa]s?) \b
    | \b(?:debo|tengo\sque) \s (?:rechazar|negarme|declinar) \b | \bme \s niego \s a \b
    | \bva \s (?:en\s)? contra \s (?:de\s)? (?:mis|nuestras) \s (?:políticas|normas|directrices|reglas) \b
"""

_ITALIAN_DO = """
    aiutar | assister | far | fornir | dar | offrir | risponder | condivider | parlar | scriver | crear
    | rivelar
"""
_ITALIAN = rf"""
    \bnon \s (?:(?:ti|le|vi|lo|la)\s)? (?:posso|possiamo|potrò|mi\sè\spossibile|sono\sin\sgrado\sdi) \s
        (?:{_ITALIAN_DO}) (?:e|ti|la|le|vi|lo|li|glielo|telo)? \b
    | \bnon \s sono \s (?:autorizzat[oa]|abilitat[oa]) \b
    | \b(?:devo|sono\scostrett[oa]\sa) \s (?:rifiutar|declinar)\p{{L}}* | \bmi \s rifiuto \s di \b
    | \bva \s contro \s le \s (?:mie|nostre) \s (?:linee\sguida|regole|politiche) \b
"""

_PORTUGUESE_DO = """
    ajudar | auxiliar | fazer | fornecer | dar | oferecer | responder | compartilhar | partilhar | falar
    | escrever | criar | revelar | atender | divulgar
"""
_PORTUGUESE = rf"""
    \bnão \s (?:(?:te|lhe|o|a|vos)\s)? (?:posso|podemos|poderei|consigo|me\sé\spossível) \s
        (?:(?:te|lhe|o|a)\s)? (?:{_PORTUGUESE_DO}) (?:-\p{{L}}+)? \b
    | \bnão \s (?:estou|estamos) \s (?:autorizad[oa]s?|em\scondições|apt[oa]s?) \b
    | \b(?:devo|tenho\s(?:de|que)) \s (?:recusar|declinar) \b | \brecuso-me \s a \b
    | \bvai \s contra \s (?:as\s)? (?:minhas|nossas) \s (?:diretrizes|políticas|regras) \b
"""

_DUTCH_DO = """
    helpen | assisteren | doen | geven | verstrekken | delen | beantwoorden | schrijven | maken |
    bespreken | aanbieden | uitvoeren | onthullen | voldoen
"""
_DUTCH = rf"""
    \b(?:ik\s(?:kan|mag|wil|zal)|(?:we|wij)\s(?:kunnen|mogen)|(?:kan|mag)\sik|(?:kunnen|mogen)\s(?:we|wij))
        \s (?:[\p{{L}}-]+\s){{0,4}}? (?:niet|geen|niets) \s (?:[\p{{L}}-]+\s){{0,6}}? (?:{_DUTCH_DO}) \b
    | \bik \s ben \s (?:helaas\s)? niet \s (?:in\sstaat|bevoegd|gemachtigd) \b | \bik \s weiger \b
    | \b(?:moet\sik|ik\smoet) \s (?:[\p{{L}}-]+\s){{0,4}} (?:weigeren|afwijzen) \b
    | \btegen \s (?:mijn|onze) \s (?:richtlijnen|regels|beleid) \b
"""

BY_LANGUAGE = (_ENGLISH, _GERMAN, _FRENCH, _SPANISH, _ITALIAN, _PORTUGUESE, _DUTCH)
