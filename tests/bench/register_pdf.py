#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Issue register of 10,000 rows to PDF/A: time, memory and growth up to 100,000 rows.
# Usage: register_pdf.py OPCARD-FORM FORM.form
# There is no peer to run beside it (LibreOffice needed 110 s for the same table and is not a
# dependency); the calibration says how fast this machine is at the moment.
import datetime
import hashlib
import json
import os
import random
import statistics
import sys
import tempfile
import time

SURNAMES = '佐藤 鈴木 高橋 渡邊 齋藤 山﨑 髙木 𠮷田 辻󠄀 葛󠄀城 邊󠄆見 小笠原 栁田 德永 長谷川 勅使河原 森 五十嵐'.split()
NAMES = '一郎 花子 太郎 美咲 健 さくら 翔太 由美子 凜 惠 京 愛󠄂 眞紀 瑛 昻 龍之介'.split()
SECTIONS = ['市民部市民課', '総務部情報政策課', '企画部地域づくり支援局情報政策課', '福祉部保険年金課',
            '健康こども部こども家庭センター（母子保健係・児童相談担当）', '会計課']
TITLES = '主事 主任 係長 課長補佐 課長 会計年度任用職員'.split()
AUTHORITIES = '業務管理者 一般操作者 カード発行管理全般 照会専用'.split()
REASONS = [None, '人事異動に伴う回収', '退職', '紛失により失効（令和７年５月２日届出）。再発行済み。',
           '担当事務の変更により権限種別を変更し、旧カードを返納させた上で新カードを貸与した。']


def register(rows):
    dice = random.Random(20261121)
    first = datetime.date(2002, 8, 5)
    days = [first + datetime.timedelta(days=i * 8870 // rows) for i in range(rows)]
    return {'values': {'団体名': '鳥取県', '出力日時': '2026-11-21T10:00:00+09:00', '出力者': '山田 太郎'},
            'rows': [{'issuedOn': day.isoformat(), 'section': dice.choice(SECTIONS), 'title': dice.choice(TITLES),
                      'name': dice.choice(SURNAMES) + ' ' + dice.choice(NAMES), 'card': 'OP%06d' % i,
                      'authority': dice.choice(AUTHORITIES), 'reason': dice.choice(REASONS),
                      'returnedOn': (day + datetime.timedelta(days=200)).isoformat()}
                     for i, day in enumerate(days)]}


def run(*args):
    """Seconds and peak MiB of one run."""
    begin = time.monotonic()
    pid = os.posix_spawn(args[0], args, os.environ)
    _, status, used = os.wait4(pid, 0)
    if status != 0:
        sys.exit('register-pdf: %s failed' % args[0])
    return time.monotonic() - begin, used.ru_maxrss / 1024


def calibration():
    """One core: SHA-256 of 64 MiB."""
    begin = time.monotonic()
    hashlib.sha256(bytes(64 << 20)).digest()
    return time.monotonic() - begin


def main():
    program, form = sys.argv[1:3]
    with tempfile.TemporaryDirectory(prefix='opcard-bench-') as folder:
        out = os.path.join(folder, 'out.pdf')
        data = {}
        for rows in (10000, 100000):
            data[rows] = os.path.join(folder, '%d.json' % rows)
            with open(data[rows], 'w', encoding='utf-8') as file:
                json.dump(register(rows), file, ensure_ascii=False)
        runs = [(run(program, 'render', form, data[10000], '-o', out), calibration()) for _ in range(5)]
        ours = statistics.median(seconds for (seconds, _), _ in runs)
        memory = max(mib for (_, mib), _ in runs)
        machine = statistics.median(seconds for _, seconds in runs)
        blank = os.path.join(os.path.dirname(form), 'yoshiki02.form')
        letter = statistics.median(run(program, 'render', blank, '-o', out)[0] for _ in range(5))
        large, large_memory = run(program, 'render', form, data[100000], '-o', out)
    print('register-pdf ratio=%.1f ours=%.2fs peer=none want<=2.5s' % (ours / machine, ours))
    print('# a letter: %.3f s (want<=0.1)' % letter)
    print('# 10,000 rows: %.0f MiB (want<=120); 100,000 rows: %.2f s = %.1f x, %.0f MiB; '
          'calibration: SHA-256 of 64 MiB %.2f s' % (memory, large, large / ours, large_memory, machine))


main()
