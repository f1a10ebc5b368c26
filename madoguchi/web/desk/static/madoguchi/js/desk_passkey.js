// Passkeys: a form marked data-passkey asks the browser and posts its answer. Without WebAuthn it stays hidden.
(() => {
  const toBytes = (text) => {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (char) => char.charCodeAt(0));
  };
  const toText = (bytes) =>
    btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  const readable = (options) => {
    const asked = options.publicKey;
    asked.challenge = toBytes(asked.challenge);
    if (asked.user) asked.user.id = toBytes(asked.user.id);
    for (const list of [asked.excludeCredentials, asked.allowCredentials]) {
      for (const each of list || []) each.id = toBytes(each.id);
    }
    return { publicKey: asked };
  };

  const sendable = (credential) => {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[name]) response[name] = toText(credential.response[name]);
    }
    return JSON.stringify({
      id: credential.id,
      rawId: toText(credential.rawId),
      type: credential.type,
      response,
      clientExtensionResults: credential.getClientExtensionResults(),
    });
  };

  const ask = async (form) => {
    const sent = new FormData();
    sent.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    const password = form.querySelector("[data-password]");
    if (password) sent.set("password", password.value);
    const answer = await fetch(form.dataset.options, { method: "POST", body: sent, credentials: "same-origin" });
    const options = await answer.json();
    if (!answer.ok) throw new Error(options.said);
    const asked = readable(options);
    const making = form.dataset.passkey === "add";
    return making ? navigator.credentials.create(asked) : navigator.credentials.get(asked);
  };

  for (const form of document.querySelectorAll("[data-passkey]")) {
    if (!window.PublicKeyCredential) continue;
    form.hidden = false;
    const said = form.querySelector("[data-said]");
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      said.textContent = "端末の案内に従ってください。";
      try {
        form.elements.credential.value = sendable(await ask(form));
        form.submit();
      } catch (error) {
        said.textContent =
          error.name === "Error" ? error.message : "パスキーを使えませんでした。もう一度押すか、別の方法を選んでください。";
      }
    });
  }
})();
