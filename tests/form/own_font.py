# SPDX-License-Identifier: Apache-2.0
# Makes the smallest TrueType font there is: .notdef and one square for one character.
import struct


def _table_checksum(data):
    data += b'\0' * (-len(data) % 4)
    return sum(struct.unpack('>%dI' % (len(data) // 4), data)) & 0xFFFFFFFF


def _glyph():
    points = [(100, 0), (100, 800), (900, 800), (900, 0)]
    xs = [points[0][0]] + [b[0] - a[0] for a, b in zip(points, points[1:])]
    ys = [points[0][1]] + [b[1] - a[1] for a, b in zip(points, points[1:])]
    body = struct.pack('>hhhhh', 1, 100, 0, 900, 800) + struct.pack('>H', 3) + struct.pack('>H', 0)
    body += bytes([1] * 4) + struct.pack('>4h', *xs) + struct.pack('>4h', *ys)
    return body + b'\0' * (-len(body) % 4)


def _names():
    texts = {1: 'Opcard Own', 2: 'Regular', 4: 'Opcard Own', 6: 'OpcardOwn'}
    records, strings = b'', b''
    for number, text in sorted(texts.items()):
        data = text.encode('utf-16-be')
        records += struct.pack('>6H', 3, 1, 0x409, number, len(data), len(strings))
        strings += data
    return struct.pack('>3H', 0, len(texts), 6 + len(records)) + records + strings


def make(character):
    glyph = _glyph()
    cmap = struct.pack('>HHHHI', 0, 1, 3, 1, 12)
    cmap += struct.pack('>7H', 4, 32, 0, 4, 4, 1, 0)
    cmap += struct.pack('>HH', character, 0xFFFF) + struct.pack('>H', 0) + struct.pack('>HH', character, 0xFFFF)
    cmap += struct.pack('>HH', (1 - character) & 0xFFFF, 1) + struct.pack('>HH', 0, 0)
    tables = {
        b'OS/2': struct.pack('>HhHHHhhhhhhhhhhh', 3, 1000, 400, 5, 0, 650, 600, 0, 75, 650, 600, 0, 350, 50, 300, 0)
        + bytes(10) + bytes(16) + b'OPCD' + struct.pack('>HHHhhhHH', 0x40, character, character, 880, -120, 0, 880, 120)
        + bytes(8) + struct.pack('>hhHHH', 500, 700, 0, 32, 0),
        b'cmap': cmap,
        b'glyf': glyph,
        b'head': struct.pack('>IIIIHHQQhhhhHHhhh', 0x10000, 0x10000, 0, 0x5F0F3CF5, 3, 1000, 0, 0, 100, 0, 900, 800, 0, 8,
                             2, 0, 0),
        b'hhea': struct.pack('>IhhhHhhhhhhhhhhhH', 0x10000, 880, -120, 0, 1000, 100, 100, 900, 1, 0, 0, 0, 0, 0, 0, 0, 2),
        b'hmtx': struct.pack('>HhHh', 1000, 0, 1000, 100),
        b'loca': struct.pack('>3H', 0, 0, len(glyph) // 2),
        b'maxp': struct.pack('>IHHHHHHHHHHHHHH', 0x10000, 2, 4, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0),
        b'name': _names(),
        b'post': struct.pack('>IIhhIIIII', 0x30000, 0, -100, 50, 0, 0, 0, 0, 0),
    }
    count = len(tables)
    header = struct.pack('>IHHHH', 0x10000, count, 128, 3, count * 16 - 128)
    offset, directory, body = 12 + 16 * count, b'', b''
    for tag, data in sorted(tables.items()):
        directory += tag + struct.pack('>III', _table_checksum(data), offset + len(body), len(data))
        body += data + b'\0' * (-len(data) % 4)
    return header + directory + body
