# SPDX-License-Identifier: Apache-2.0
# Tests as TAP lines. main(globals()) runs the functions test_… of a module in the order they stand
# there; each line counts by itself, and one that fails does not stop the others.
import sys
import traceback


class Skip(Exception):
    """What this test needs is not here; the text says what."""


def say(text):
    print(text, flush=True)


def comment(text):
    for line in str(text).rstrip().split('\n'):
        say('# ' + line)


def run(number, name, function, arguments):
    try:
        function(*arguments)
    except Skip as reason:
        say(f'ok {number} - {name} # SKIP {reason}')
        return True
    except Exception:  # pylint: disable=broad-except
        comment(traceback.format_exc())
        say(f'not ok {number} - {name}')
        return False
    say(f'ok {number} - {name}')
    return True


def main(module, make=None):
    """@make() gives the office that every test gets; it is closed at the end."""
    tests = [(name[5:], value) for name, value in module.items() if name.startswith('test_')]
    wanted = sys.argv[1:]
    office, arguments, is_good = None, [], True
    try:
        if make is not None:
            office = make()
            arguments = [office]
        say(f'1..{len(tests)}')
        for number, (name, function) in enumerate(tests, 1):
            if wanted and name not in wanted:
                say(f'ok {number} - {name} # SKIP not asked for')
                continue
            is_good = run(number, name.replace('_', ' '), function, arguments) and is_good
    except Skip as reason:
        say(f'1..0 # SKIP {reason}')
    finally:
        if office is not None:
            if not is_good:
                comment('--- end of the log of opcardd\n' + office.log()[-4000:])
            office.close()
    sys.exit(0 if is_good else 1)
