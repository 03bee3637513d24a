// Passkeys: asks the browser for a credential and hands it to the form around the button, which
// then posts it like any other form. Without this file, or without passkeys, passwords work.

const able = globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON;
if (able) document.documentElement.dataset.passkeys = "yes";

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-passkey]");
  if (!form || !able) return;
  event.preventDefault();
  const told = form.querySelector("[role=status]");
  told.textContent = "";
  try {
    const credential = await asked(form.dataset.passkey, JSON.parse(form.dataset.options));
    form.querySelector("[data-credential]").value = JSON.stringify(credential);
    form.submit();
  } catch (error) {
    told.textContent = said(error);
  }
});

function asked(kind, options) {
  return kind === "make"
    ? navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
    : navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
}

function said(error) {
  if (error.name === "InvalidStateError") return "This device has a passkey here already.";
  if (error.name === "NotAllowedError") return "Nothing was chosen, or it took too long. Try again.";
  return `That did not work: ${error.message}`;
}
