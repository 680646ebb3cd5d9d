"""The JSON Web Token that each call carries."""

import time
from uuid import uuid4

LIFETIME_S = 300


def sign(
    client_id: str,
    client_secret: str,
    *,
    audience: str,
    subject: str,
    lifetime_s: int = LIFETIME_S,
    algorithm: str = "HS256",
) -> str:
    """A fresh token of a client app; `algorithm` is the one that the app was created with.

    Every token has a `jti` of its own, as apps may demand.
    """
    from joserfc import jwt
    from joserfc.jwk import OctKey

    now = int(time.time())
    claims = {
        "appId": client_id,
        "sub": subject,
        "aud": audience,
        "iat": now,
        "exp": now + lifetime_s,
        "jti": str(uuid4()),
    }
    return jwt.encode({"alg": algorithm}, claims, OctKey.import_key(client_secret), algorithms=[algorithm])
