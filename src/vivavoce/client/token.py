"""The JSON Web Token that each call carries."""

import time
from uuid import uuid4

LIFETIME_S = 300


def sign(client_id: str, client_secret: str, *, audience: str, subject: str) -> str:
    """A fresh HS256 token of a client app; its `jti` is used once, as apps may demand."""
    from joserfc import jwt
    from joserfc.jwk import OctKey

    now = int(time.time())
    claims = {
        "appId": client_id,
        "sub": subject,
        "aud": audience,
        "iat": now,
        "exp": now + LIFETIME_S,
        "jti": str(uuid4()),
    }
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(client_secret))
