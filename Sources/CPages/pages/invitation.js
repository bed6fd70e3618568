// The page of an invitation: the invited person chooses a password.
import { h, replace, problem, root } from "./dom.js";

const token = location.pathname.split("/").pop();
const main = document.getElementById("main");
const heading = document.querySelector("h1");

function notice(title, text, ...more) {
  heading.textContent = title;
  document.title = title;
  replace(main, h("div", { role: "alert" }, h("p", {}, text), ...more));
}

async function begin() {
  let invitation;
  try {
    const response = await fetch(`${root}/auth/invitation/${token}`);
    if (!response.ok) throw await problem(response);
    invitation = await response.json();
  } catch (error) {
    notice(error.status === 409 ? "Already accepted" : "This invitation does not work",
      error.status ? error.message : "The server cannot be reached. Check your connection and load the page again.",
      error.status === 409 && h("p", {}, h("a", { href: `${root}/console` }, "Sign in")));
    return;
  }
  const password = h("input", { type: "password", autocomplete: "new-password", required: true, minlength: 8, maxlength: 1024 });
  const name = h("input", { autocomplete: "name", maxlength: 200 });
  const wrong = h("p.problem", { role: "alert" });
  const button = h("button.button.main", { type: "submit" }, "Accept");
  replace(main, h("form.card-form", {
    onsubmit: async (event) => {
      event.preventDefault();
      button.disabled = true;
      wrong.textContent = "";
      try {
        const response = await fetch(`${root}/auth/accept-invitation`, {
          method: "POST", headers: { "content-type": "application/json" },
          body: JSON.stringify({ token, password: password.value, ...(name.value.trim() && { name: name.value.trim() }) }),
        });
        if (!response.ok) throw await problem(response);
        notice("Welcome", `You can sign in as ${invitation.email} from now on.`, h("p", {}, h("a", { href: `${root}/console` }, "Open the console")));
        heading.tabIndex = -1;
        heading.focus();
      } catch (error) {
        wrong.textContent = error.message;
        button.disabled = false;
      }
    },
  },
    h("p", {}, "Choose a password for ", h("b", {}, invitation.email), ". The invitation is good once."),
    h("input.unseen", { type: "email", autocomplete: "username", value: invitation.email, readonly: true, tabindex: -1, "aria-hidden": "true" }),
    h("label.field", {}, h("span", {}, "Your name"), name),
    h("label.field", {}, h("span", {}, "Password"), password, h("small", {}, "8 characters or more.")), wrong, h("div", {}, button)));
}

begin();
