# SPDX-License-Identifier: Apache-2.0
# A mail server of the tests: takes mail as it is told to, and remembers what it took.
import email
import email.header
import socket
import ssl
import threading


class Mail:
    """One mail that was taken."""

    def __init__(self, sender, receiver, text):
        message = email.message_from_bytes(text)
        self.sender, self.receiver = sender, receiver
        self.id = message['Message-ID']
        self.to = message['To']
        self.subject = str(email.header.make_header(email.header.decode_header(message['Subject'])))
        self.body = message.get_payload(decode=True).decode('utf-8')
        self.message = message


class MailServer:
    """mood: good · slow (never says a word) · half (closes when the mail is there) · grey (450 at the first
    RCPT of an address) · busy (421) · refused (554 to every RCPT) · words (554, with controls). bad: addresses that are
    always refused."""

    def __init__(self, host='127.0.0.1', certificate=None):
        self.mood, self.bad, self.mails, self.sessions = 'good', set(), [], 0
        self.known = set()
        self.tls = None
        if certificate is not None:
            self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.tls.load_cert_chain(*certificate)
        self.listener = socket.create_server((host, 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self):
        self.listener.close()

    def to(self, receiver):
        return [mail for mail in self.mails if mail.receiver == receiver]

    def about(self, subject):
        return [mail for mail in self.mails if mail.subject == subject]

    def _listen(self):
        while True:
            try:
                peer, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._guard, args=[peer], daemon=True).start()

    def _guard(self, peer):
        self.sessions += 1
        try:
            with peer:
                peer.settimeout(30)
                self._serve(self.tls.wrap_socket(peer, server_side=True) if self.tls else peer)
        except OSError:
            pass

    def _receive(self, receiver):
        """The answer to RCPT TO."""
        if self.mood == 'words':
            return '554 no\x1b[2J\x07thing for you'
        if self.mood == 'refused' or receiver in self.bad:
            return '554 5.7.1 relay access denied'
        if self.mood == 'grey' and receiver not in self.known:
            self.known.add(receiver)
            return '450 4.2.0 greylisted, come back later'
        return '250 ok'

    def _serve(self, peer):
        lines, sender, receiver = peer.makefile('rb'), None, None
        if self.mood == 'slow':
            lines.read()
            return
        peer.sendall(b'421 too busy\r\n' if self.mood == 'busy' else b'220 mail.example ESMTP\r\n')
        for line in lines:
            word = line.decode('ascii', 'replace').strip()
            verb = word.upper()
            answer = '250 ok'
            if verb.startswith('MAIL FROM:'):
                sender = word[10:].split('>')[0].strip(' <')
            elif verb.startswith('RCPT TO:'):
                receiver = word[8:].split('>')[0].strip(' <')
                answer = self._receive(receiver)
            elif verb == 'DATA':
                peer.sendall(b'354 go on\r\n')
                text = b''
                for part in lines:
                    if part == b'.\r\n':
                        break
                    text += part[1:] if part.startswith(b'..') else part
                if self.mood == 'half':
                    return
                self.mails.append(Mail(sender, receiver, text))
            elif verb == 'QUIT':
                peer.sendall(b'221 bye\r\n')
                return
            peer.sendall(answer.encode() + b'\r\n')
