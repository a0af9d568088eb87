"""Reads mails as a mail program does: one message on standard input, what is
in it as JSON. Faults in its form are listed in "defects"."""

import email
import email.policy
import html.parser
import json
import sys


class Page(html.parser.HTMLParser):
    """The text and the links of an HTML part."""

    def __init__(self):
        super().__init__()
        self.text, self.links, self.tags = [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag == "br":
            self.text.append("\n")
        if tag == "a":
            self.links.append(dict(attrs).get("href"))

    def handle_data(self, data):
        self.text.append(data)


message = email.message_from_bytes(sys.stdin.buffer.read(),
                                   policy=email.policy.default)
parts = list(message.walk())
plain = message.get_body(("plain",))
rich = message.get_body(("html",))
page = Page()
page.feed(rich.get_content())
print(json.dumps({
    "headers": [[name.lower(), str(value)] for name, value in message.items()],
    "from": [[a.display_name, a.addr_spec] for a in message["from"].addresses],
    "to": [[a.display_name, a.addr_spec] for a in message["to"].addresses],
    "subject": str(message["subject"]),
    "date": message["date"].datetime.isoformat(),
    "types": [p.get_content_type() for p in parts],
    "text": plain.get_content().replace("\r\n", "\n"),
    "html": rich.get_content(),
    "shown": "".join(page.text),
    "links": page.links,
    "tags": page.tags,
    "defects": [str(d) for p in parts for d in p.defects]
    + [str(d) for p in parts for h in p.values() for d in h.defects],
}))
