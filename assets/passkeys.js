/*
 * Passkeys. `chatrigoPasskey.get(options)` and `.create(options)` take the server's options as
 * JSON and give the browser's answer as JSON; bytes travel as base64url. They reject with an
 * Error whose message is "cancelled", "not supported", "already here" or "failed".
 */
(() => {
  const bytes = (text) => {
    const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(plain, (character) => character.charCodeAt(0));
  };
  const words = (buffer) =>
    btoa(Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join(""))
      .replaceAll("+", "-")
      .replaceAll("/", "_")
      .replaceAll("=", "");
  const named = (credentials = []) =>
    credentials.map((credential) => ({ ...credential, id: bytes(credential.id) }));

  const supported = () => Boolean(window.isSecureContext && window.PublicKeyCredential);

  async function ask(method, publicKey, more = {}) {
    if (!supported()) throw new Error("not supported");
    try {
      const credential = await navigator.credentials[method]({ publicKey, ...more });
      if (!credential) throw new Error("cancelled");
      return credential;
    } catch (error) {
      const meaning = {
        NotAllowedError: "cancelled",
        AbortError: "cancelled",
        InvalidStateError: "already here",
        NotSupportedError: "not supported",
        SecurityError: "not supported",
      };
      throw new Error(meaning[error.name] ?? (error.message === "cancelled" ? "cancelled" : "failed"));
    }
  }

  const told = (credential, response) => ({
    id: credential.id,
    rawId: words(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment ?? null,
    response: { clientDataJSON: words(credential.response.clientDataJSON), ...response },
  });

  window.chatrigoPasskey = {
    supported,

    async get(options, more = {}) {
      const credential = await ask(
        "get",
        {
          ...options,
          challenge: bytes(options.challenge),
          allowCredentials: named(options.allowCredentials),
        },
        more,
      );
      const { authenticatorData, signature, userHandle } = credential.response;
      return told(credential, {
        authenticatorData: words(authenticatorData),
        signature: words(signature),
        userHandle: userHandle ? words(userHandle) : null,
      });
    },

    async create(options) {
      const credential = await ask("create", {
        ...options,
        challenge: bytes(options.challenge),
        user: { ...options.user, id: bytes(options.user.id) },
        excludeCredentials: named(options.excludeCredentials),
      });
      return told(credential, {
        attestationObject: words(credential.response.attestationObject),
        transports: credential.response.getTransports?.() ?? [],
      });
    },
  };
})();
