// SPDX-License-Identifier: AGPL-3.0-or-later
// Passkeys (WebAuthn). A form with data-passkey="create", "get" or "login" holds a hidden field "credential"; its
// button [data-passkey-go] asks the device and sends the form. The options stand in the JSON element that
// data-options names, or (login) are fetched from the form's own address. Words come from the page, never from here.

const toBytes = (text) => {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (mark) => mark.charCodeAt(0));
};

const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const known = (list) => (list ?? []).map((one) => ({ ...one, id: toBytes(one.id) }));

async function create(options, passwordless) {
  const given = options.publicKey;
  const publicKey = {
    ...given,
    challenge: toBytes(given.challenge),
    user: { ...given.user, id: toBytes(given.user.id) },
    excludeCredentials: known(given.excludeCredentials),
    authenticatorSelection: {
      ...given.authenticatorSelection,
      residentKey: passwordless ? "required" : "discouraged",
      requireResidentKey: passwordless,
      ...(passwordless ? { userVerification: "required" } : {}),
    },
  };
  const made = await navigator.credentials.create({ publicKey });
  return {
    id: made.id,
    rawId: toText(made.rawId),
    type: made.type,
    authenticatorAttachment: made.authenticatorAttachment ?? undefined,
    clientExtensionResults: made.getClientExtensionResults(),
    response: {
      clientDataJSON: toText(made.response.clientDataJSON),
      attestationObject: toText(made.response.attestationObject),
      transports: made.response.getTransports?.() ?? [],
    },
  };
}

async function get(options) {
  const given = options.publicKey;
  const publicKey = { ...given, challenge: toBytes(given.challenge), allowCredentials: known(given.allowCredentials) };
  const found = await navigator.credentials.get({ publicKey });
  return {
    id: found.id,
    rawId: toText(found.rawId),
    type: found.type,
    authenticatorAttachment: found.authenticatorAttachment ?? undefined,
    clientExtensionResults: found.getClientExtensionResults(),
    response: {
      clientDataJSON: toText(found.response.clientDataJSON),
      authenticatorData: toText(found.response.authenticatorData),
      signature: toText(found.response.signature),
      userHandle: found.response.userHandle ? toText(found.response.userHandle) : null,
    },
  };
}

async function ask(form) {
  if (form.dataset.passkey === "login") {
    const answer = await fetch(form.action, {
      headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" },
    });
    if (!answer.ok) throw new Error(`${answer.status}`);
    return get((await answer.json()).request_options);
  }
  const options = JSON.parse(document.getElementById(form.dataset.options).textContent);
  if (form.dataset.passkey === "create") {
    return create(options.creation_options, form.elements.passwordless?.checked ?? false);
  }
  return get(options.request_options);
}

const offered = Boolean(window.PublicKeyCredential && navigator.credentials);

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const go = form.querySelector("[data-passkey-go]");
  const missing = form.parentElement.querySelector("[data-passkey-missing]");
  const failed = form.parentElement.querySelector("[data-passkey-failed]");
  if (!offered) {
    if (missing) { missing.hidden = false; form.hidden = true; }
    continue;
  }
  go.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault(); // form.submit() below does not come back here
    go.disabled = true;
    if (failed) failed.hidden = true;
    try {
      form.elements.credential.value = JSON.stringify(await ask(form));
      form.submit();
    } catch {
      // The person gave up, or the device knows no key for this address: the page says what else there is.
      if (failed) failed.hidden = false;
      go.disabled = false;
    }
  });
}
