#include "cpages.h"

// C23's #embed puts the bytes of each file into the program; compilers knew it before they spoke C23.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char access_js[] = {
#embed "pages/access.js"
};
static const unsigned char answers_js[] = {
#embed "pages/answers.js"
};
static const unsigned char api_js[] = {
#embed "pages/api.js"
};
static const unsigned char app_js[] = {
#embed "pages/app.js"
};
static const unsigned char ask_js[] = {
#embed "pages/ask.js"
};
static const unsigned char base_css[] = {
#embed "pages/base.css"
};
static const unsigned char chat_js[] = {
#embed "pages/chat.js"
};
static const unsigned char console_css[] = {
#embed "pages/console.css"
};
static const unsigned char console_html[] = {
#embed "pages/console.html"
};
static const unsigned char desk_js[] = {
#embed "pages/desk.js"
};
static const unsigned char dom_js[] = {
#embed "pages/dom.js"
};
static const unsigned char frame_html[] = {
#embed "pages/frame.html"
};
static const unsigned char frame_js[] = {
#embed "pages/frame.js"
};
static const unsigned char invitation_html[] = {
#embed "pages/invitation.html"
};
static const unsigned char invitation_js[] = {
#embed "pages/invitation.js"
};
static const unsigned char numbers_js[] = {
#embed "pages/numbers.js"
};
static const unsigned char page_css[] = {
#embed "pages/page.css"
};
static const unsigned char parts_js[] = {
#embed "pages/parts.js"
};
static const unsigned char questions_js[] = {
#embed "pages/questions.js"
};
static const unsigned char settings_js[] = {
#embed "pages/settings.js"
};
static const unsigned char password_html[] = {
#embed "pages/password.html"
};
static const unsigned char password_js[] = {
#embed "pages/password.js"
};
static const unsigned char share_html[] = {
#embed "pages/share.html"
};
static const unsigned char share_js[] = {
#embed "pages/share.js"
};
static const unsigned char sharing_js[] = {
#embed "pages/sharing.js"
};
static const unsigned char sources_js[] = {
#embed "pages/sources.js"
};
static const unsigned char visit_js[] = {
#embed "pages/visit.js"
};
static const unsigned char widget_js[] = {
#embed "pages/widget.js"
};

static const struct {
    const char *name;
    const unsigned char *bytes;
    size_t length;
} pages[] = {
    {"access.js", access_js, sizeof access_js},
    {"answers.js", answers_js, sizeof answers_js},
    {"api.js", api_js, sizeof api_js},
    {"app.js", app_js, sizeof app_js},
    {"ask.js", ask_js, sizeof ask_js},
    {"base.css", base_css, sizeof base_css},
    {"chat.js", chat_js, sizeof chat_js},
    {"console.css", console_css, sizeof console_css},
    {"console.html", console_html, sizeof console_html},
    {"desk.js", desk_js, sizeof desk_js},
    {"dom.js", dom_js, sizeof dom_js},
    {"frame.html", frame_html, sizeof frame_html},
    {"frame.js", frame_js, sizeof frame_js},
    {"invitation.html", invitation_html, sizeof invitation_html},
    {"invitation.js", invitation_js, sizeof invitation_js},
    {"numbers.js", numbers_js, sizeof numbers_js},
    {"page.css", page_css, sizeof page_css},
    {"parts.js", parts_js, sizeof parts_js},
    {"password.html", password_html, sizeof password_html},
    {"password.js", password_js, sizeof password_js},
    {"questions.js", questions_js, sizeof questions_js},
    {"settings.js", settings_js, sizeof settings_js},
    {"share.html", share_html, sizeof share_html},
    {"share.js", share_js, sizeof share_js},
    {"sharing.js", sharing_js, sizeof sharing_js},
    {"sources.js", sources_js, sizeof sources_js},
    {"visit.js", visit_js, sizeof visit_js},
    {"widget.js", widget_js, sizeof widget_js},
};

size_t twin_page_count(void) { return sizeof pages / sizeof *pages; }

const char *twin_page_name(size_t index) { return index < twin_page_count() ? pages[index].name : NULL; }

const unsigned char *twin_page_bytes(size_t index, size_t *length) {
    if (index >= twin_page_count()) return NULL;
    *length = pages[index].length;
    return pages[index].bytes;
}
