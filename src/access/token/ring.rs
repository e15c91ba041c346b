//! The signatures of tokens, verified with ring, which TLS uses too: one library for all
//! cryptography of keys. Nothing here signs, and there are no shared secrets: tokens are
//! made by issuers.

use ::ring::signature as ring;
use ::ring::signature::RsaParameters;
use ::ring::signature::RsaPublicKeyComponents;
use ::ring::signature::UnparsedPublicKey;
use ::ring::signature::VerificationAlgorithm;
use jsonwebtoken::Algorithm;
use jsonwebtoken::DecodingKey;
use jsonwebtoken::DecodingKeyKind;
use jsonwebtoken::crypto::CryptoProvider;
use jsonwebtoken::crypto::JwtVerifier;
use jsonwebtoken::crypto::KeyUtils;
use jsonwebtoken::errors::Error;
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::signature;
use jsonwebtoken::signature::Verifier;

static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: |_algorithm, _key| Err(ErrorKind::InvalidAlgorithm.into()),
    verifier_factory: verifier,
    // These functions make sets of keys out of private keys, and fingerprints; nothing here needs
    // either.
    key_utils: KeyUtils::new_unimplemented(),
};

/// Has the library verify with ring. It is enough to call this once, and no harm to call it again.
pub(super) fn install() {
    if PROVIDER.install_default().is_err() {
        tracing::trace!("tokens are verified with ring already");
    }
}

/// The verification of one algorithm's signatures.
enum Scheme {
    Rsa(&'static RsaParameters),
    Curve(&'static dyn VerificationAlgorithm),
}

const SCHEMES: [(Algorithm, Scheme); 9] = [
    (Algorithm::RS256, Scheme::Rsa(&ring::RSA_PKCS1_2048_8192_SHA256)),
    (Algorithm::RS384, Scheme::Rsa(&ring::RSA_PKCS1_2048_8192_SHA384)),
    (Algorithm::RS512, Scheme::Rsa(&ring::RSA_PKCS1_2048_8192_SHA512)),
    (Algorithm::PS256, Scheme::Rsa(&ring::RSA_PSS_2048_8192_SHA256)),
    (Algorithm::PS384, Scheme::Rsa(&ring::RSA_PSS_2048_8192_SHA384)),
    (Algorithm::PS512, Scheme::Rsa(&ring::RSA_PSS_2048_8192_SHA512)),
    (Algorithm::ES256, Scheme::Curve(&ring::ECDSA_P256_SHA256_FIXED)),
    (Algorithm::ES384, Scheme::Curve(&ring::ECDSA_P384_SHA384_FIXED)),
    (Algorithm::EdDSA, Scheme::Curve(&ring::ED25519)),
];

struct RingVerifier {
    algorithm: Algorithm,
    scheme: Scheme,
    key: DecodingKey,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the library calls it so")]
fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>, Error> {
    if key.family() != algorithm.family() {
        return Err(ErrorKind::InvalidKeyFormat.into());
    }
    let known = SCHEMES.into_iter().find(|(known, _scheme)| known == algorithm);
    let (_algorithm, scheme) = known.ok_or(ErrorKind::InvalidAlgorithm)?;
    Ok(Box::new(RingVerifier { algorithm: *algorithm, scheme, key: key.clone() }))
}

impl Verifier<Vec<u8>> for RingVerifier {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), signature::Error> {
        let verified = match (&self.scheme, self.key.kind()) {
            (Scheme::Rsa(parameters), DecodingKeyKind::RsaModulusExponent { n, e }) => {
                RsaPublicKeyComponents { n, e }.verify(parameters, message, signature)
            }
            (Scheme::Rsa(parameters), DecodingKeyKind::SecretOrDer(der)) => {
                UnparsedPublicKey::new(*parameters, der).verify(message, signature)
            }
            (Scheme::Curve(algorithm), DecodingKeyKind::SecretOrDer(point)) => {
                UnparsedPublicKey::new(*algorithm, point).verify(message, signature)
            }
            (Scheme::Curve(_), DecodingKeyKind::RsaModulusExponent { .. }) => {
                return Err(signature::Error::new());
            }
        };
        verified.map_err(|_unspecified| signature::Error::new())
    }
}

impl JwtVerifier for RingVerifier {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}
