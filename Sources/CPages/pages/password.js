// Two pages: one asks for the address to which a letter goes, the other, which the letter links to, for the new password.
import { h, replace, problem, root } from "./dom.js";

const main = document.getElementById("main");
const heading = document.querySelector("h1");
const end = location.pathname.split("/").pop();

function done(title, text) {
  heading.textContent = title;
  document.title = title;
  replace(main, h("div", { role: "status" }, h("p", {}, text), h("p", {}, h("a", { href: `${root}/console` }, "Sign in"))));
  heading.tabIndex = -1;
  heading.focus();
}

// A form that posts what it holds and says what became of it.
function form(path, body, label, ...fields) {
  const wrong = h("p.problem", { role: "alert" });
  const button = h("button.button.main", { type: "submit" }, label);
  return h("form.card-form", {
    onsubmit: async (event) => {
      event.preventDefault();
      button.disabled = true;
      wrong.textContent = "";
      try {
        const response = await fetch(root + path, {
          method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body()),
        });
        if (!response.ok) throw await problem(response);
        done(...(path.endsWith("forgot-password")
          ? ["Check your mail", (await response.json()).detail]
          : ["Your password is changed", "Whoever was signed in is signed out."]));
      } catch (error) {
        wrong.textContent = error.status ? error.message : "The server cannot be reached. Check your connection and try again.";
        button.disabled = false;
      }
    },
  }, ...fields, wrong, h("div", {}, button));
}

if (end === "new-password") {
  const email = h("input", { type: "email", autocomplete: "username", required: true, maxlength: 254 });
  replace(main, form("/auth/forgot-password", () => ({ email: email.value }), "Send the letter",
    h("p", {}, "You get a letter with a link, which is good for an hour."),
    h("label.field", {}, h("span", {}, "E-mail address"), email)));
} else {
  const password = h("input", { type: "password", autocomplete: "new-password", required: true, minlength: 8, maxlength: 1024 });
  replace(main, form("/auth/reset-password", () => ({ token: end, password: password.value }), "Change the password",
    h("label.field", {}, h("span", {}, "New password"), password, h("small", {}, "8 characters or more."))));
}
