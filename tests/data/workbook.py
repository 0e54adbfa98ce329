# SPDX-License-Identifier: Apache-2.0
"""Small workbooks as other programs write them, whole or bad in one way."""
import io
import zipfile
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
HUGE = 8_000_000  # times a text, far more than may be unpacked
# 1: six digits, 2: four digits, 3: a Japanese date, 4: a short date (built in)
STYLES = f"""<styleSheet xmlns="{MAIN}"><numFmts count="3"><numFmt numFmtId="164" formatCode="000000"/>
<numFmt numFmtId="165" formatCode="0000"/>
<numFmt numFmtId="166" formatCode='[$-411]ggge"年"m"月"d"日";@'/></numFmts>
<cellStyleXfs count="1"><xf numFmtId="14"/></cellStyleXfs>
<cellXfs count="5"><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="166"/>
<xf numFmtId="14"/></cellXfs></styleSheet>"""


class Number:
    def __init__(self, value, style=0):
        self.xml = f'<v>{value}</v>'
        self.style, self.kind = style, 'n'


class Raw:
    """A cell by its inner XML and its type."""

    def __init__(self, xml, kind='n'):
        self.xml, self.style, self.kind = xml, 0, kind


def formula(text, value):
    return Raw(f'<f>{escape(text)}</f><v>{escape(value)}</v>', 'str')


def place(row, column):
    return chr(ord('A') + column) + str(row)


class Workbook:
    """Texts go into the shared strings; furigana beside them: {"鳥取": "トットリ"}."""

    def __init__(self, rows, furigana=None, first=1):
        self.strings = []
        self.furigana = furigana or {}
        self.parts = {
            '[Content_Types].xml': '<Types/>',
            'xl/workbook.xml': f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
                               '<sheet name="隠し" sheetId="1" state="hidden" r:id="rId9"/>'
                               '<sheet name="名簿" sheetId="2" r:id="rId1"/></sheets></workbook>',
            'xl/_rels/workbook.xml.rels': f'<Relationships xmlns="{PACKAGE}">'
                                          '<Relationship Id="rId1" Target="worksheets/sheet2.xml"/>'
                                          '</Relationships>',
            'xl/styles.xml': STYLES,
        }
        self.parts['xl/worksheets/sheet2.xml'] = self.sheet(rows, first)
        self.parts['xl/sharedStrings.xml'] = self.shared()

    def cell(self, row, column, value):
        at = place(row, column)
        if value is None:
            return f'<c r="{at}"/>'
        if isinstance(value, (Number, Raw)):
            return f'<c r="{at}" s="{value.style}" t="{value.kind}">{value.xml}</c>'
        if value not in self.strings:
            self.strings.append(value)
        return f'<c r="{at}" t="s"><v>{self.strings.index(value)}</v></c>'

    def sheet(self, rows, first):
        body = ''.join(f'<row r="{first + n}">'
                       + ''.join(self.cell(first + n, i, value) for i, value in enumerate(row)) + '</row>'
                       for n, row in enumerate(rows))
        return f'<worksheet xmlns="{MAIN}"><sheetData>{body}</sheetData></worksheet>'

    def shared(self):
        items = ''
        for text in self.strings:
            reading = self.furigana.get(text)
            phonetic = f'<rPh sb="0" eb="2"><t>{reading}</t></rPh><phoneticPr fontId="1"/>' if reading else ''
            half = len(text) // 2
            items += (f'<si><r><t xml:space="preserve">{escape(text[:half])}</t></r>'
                      f'<r><t xml:space="preserve">{escape(text[half:])}</t></r>{phonetic}</si>')
        return f'<sst xmlns="{MAIN}">{items}</sst>'

    def bytes(self):
        file = io.BytesIO()
        with zipfile.ZipFile(file, 'w', zipfile.ZIP_DEFLATED) as package:
            for name, content in self.parts.items():
                package.writestr(name, content)
        return file.getvalue()


def workbook(rows, **more):
    return Workbook(rows, **more).bytes()
