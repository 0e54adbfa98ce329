# SPDX-License-Identifier: Apache-2.0
"""What a disk holds when the power fails: replays the journal that libpower.so keeps over a copy of
the folder as it was at the start, and leaves out what no sync had made durable.

A write, truncation or size is durable when its file was synced after it; a name (creation, rename,
removal, folder) when its folder was. Of the rest a cut keeps nothing ("none"), everything ("all",
as after a mere kill), or by chance ("some"): the names up to some moment, each write whole, not at
all, or only some of its 512-octet sectors."""

import mmap
import os
import pathlib
import shutil
import stat
import struct

RECORD = struct.Struct("=IIIIQQQ")  # PowerRecord of power.h
CONTROL = struct.Struct("=IiII3I")  # PowerControl
SECTOR = 512
WRITES, SYNCS = 1, 2


class Control:
    """The page shared with the program under test."""

    def __init__(self, path):
        self.path = pathlib.Path(path)
        self.path.write_bytes(bytes(mmap.PAGESIZE))
        with open(self.path, "r+b") as file:
            self.page = mmap.mmap(file.fileno(), mmap.PAGESIZE)

    def arm(self, kind, number, code, is_lasting=False):
        """The @number-th operation from now fails with @code; 0: the process dies before it."""
        seen = CONTROL.unpack_from(self.page)[4:]
        CONTROL.pack_into(self.page, 0, 0, number, int(is_lasting), code, *seen)
        CONTROL.pack_into(self.page, 0, kind, number, int(is_lasting), code, *seen)

    def disarm(self):
        CONTROL.pack_into(self.page, 0, 0, 0, 0, 0, *CONTROL.unpack_from(self.page)[4:])

    def has_hit(self):
        kind, left, *_ = CONTROL.unpack_from(self.page)
        return kind != 0 and left <= 0

    def seen(self):
        """(writes, syncs) so far."""
        return CONTROL.unpack_from(self.page)[5:7]

    def reset(self):
        self.page[:CONTROL.size] = bytes(CONTROL.size)


def records(path):
    """(type, mode, inode, other, offset, name, data) of every whole record."""
    data, at = pathlib.Path(path).read_bytes(), 0
    while at + RECORD.size <= len(data):
        kind, name_length, data_length, mode, inode, other, offset = RECORD.unpack_from(data, at)
        at += RECORD.size
        if at + name_length + data_length > len(data):
            return
        name = data[at:at + name_length].decode()
        at += name_length
        yield chr(kind), mode, inode, other, offset, name, data[at:at + data_length]
        at += data_length


class File:
    def __init__(self, data, mode):
        self.data = bytearray(data)  # durable
        self.mode = mode
        self.pending = []  # (offset, octets), or (length, None) of a truncation

    def apply(self, changes):
        for at, data in changes:
            if data is None:
                if at < len(self.data):
                    del self.data[at:]
                self.data.extend(bytes(at - len(self.data)))
                continue
            if at > len(self.data):
                self.data.extend(bytes(at - len(self.data)))
            self.data[at:at + len(data)] = data

    def sync(self):
        self.apply(self.pending)
        self.pending = []


class Folder:
    def __init__(self, mode):
        self.mode = mode
        self.entries = {}  # durable


def torn(change, chance):
    """The sectors of a write that reached the disk."""
    at, data = change
    end = at + len(data)
    while at < end:
        stop = min(end, at - at % SECTOR + SECTOR)
        if chance.random() < 0.5:
            yield at, data[:stop - at]
        data, at = data[stop - at:], stop


class Disk:
    """The folders under test as a disk holds them. Made while they are at rest."""

    def __init__(self, folders):
        self.objects = {}  # inode → File or Folder that has it now
        self.names = []  # changes of names that are not durable, in order
        self.roots = [pathlib.Path(folder) for folder in folders]
        self.tops = [self.read(folder) for folder in self.roots]

    def read(self, path):
        facts = path.lstat()
        if not stat.S_ISDIR(facts.st_mode):
            file = self.objects[facts.st_ino] = File(path.read_bytes(), facts.st_mode)
            return file
        folder = self.objects[facts.st_ino] = Folder(facts.st_mode)
        for entry in path.iterdir():
            kind = entry.lstat().st_mode
            if (stat.S_ISREG(kind) or stat.S_ISDIR(kind)) and not entry.name.endswith("-shm"):
                folder.entries[entry.name] = self.read(entry)
        return folder

    # --- replay ---

    def replay(self, journal):
        """Gives what was signed meanwhile."""
        signed, left = [], None
        for kind, mode, inode, other, offset, name, data in records(journal):
            known = self.objects.get(inode)
            if kind in "WTSFM" and known is None:
                continue  # neither ours from the start nor made since
            if kind == "G":
                signed.append(data)
            elif kind in "CD":
                # An inode is used again when the file that had it is gone.
                self.objects[inode] = Folder(mode) if kind == "D" else File(b"", mode)
                self.names.append([(other, name, self.objects[inode])])
            elif kind == "W":
                known.pending.append((offset, data))
            elif kind == "T":
                known.pending.append((offset, None))
            elif kind == "M":
                known.mode = mode
            elif kind == "F":
                if isinstance(known, File):
                    known.pending = []
            elif kind == "S":
                self.sync(inode, known)
            elif kind == "U":
                self.names.append([(other, name, None)])
            elif kind == "R":
                left = (other, name, None)
            elif kind == "N":
                self.names.append([left, (other, name, self.objects.get(inode))])
            elif kind == "L":
                self.names.append([(other, name, known)])
        return signed

    def sync(self, inode, known):
        if isinstance(known, File):
            known.sync()
            return
        durable = [change for change in self.names if any(part[0] == inode for part in change)]
        self.names = [change for change in self.names if change not in durable]
        self.rename(durable)

    def rename(self, changes):
        for change in changes:
            for inode, name, target in change:
                folder = self.objects.get(inode)
                if folder is None or isinstance(folder, File):
                    continue
                folder.entries.pop(name, None)
                if target is not None:
                    folder.entries[name] = target

    # --- the cut ---

    def cut(self, how, chance=None):
        """Decides what of the rest is kept."""
        kept = {"none": 0, "all": len(self.names)}.get(how)
        self.rename(self.names[:chance.randint(0, len(self.names)) if kept is None else kept])
        self.names = []
        for one in self.all_files():
            if how == "all":
                one.sync()
            elif how == "some":
                self.tear(one, chance)
            one.pending = []

    def tear(self, file, chance):
        for change in file.pending:
            fate = chance.random()
            if fate < 0.4 or change[1] is None and fate < 0.7:
                file.apply([change])
            elif fate < 0.7:
                file.apply(torn(change, chance))

    def all_files(self):
        """Those whose inode has gone to another file as well: their name may have come back."""
        found = list(self.objects.values())
        for folder in [one for one in found if isinstance(one, Folder)]:
            found += folder.entries.values()
        return {id(one): one for one in found if isinstance(one, File)}.values()

    def write(self):
        """Puts the result where the folders were; the folders themselves stay, others may wait in
        them."""
        for path, top in zip(self.roots, self.tops):
            for entry in path.iterdir():
                if entry.is_dir() and not entry.is_symlink():
                    shutil.rmtree(entry)
                else:
                    entry.unlink()
            self.write_folder(path, top)

    def write_folder(self, path, folder):
        for name, one in folder.entries.items():
            entry = path / name
            if isinstance(one, File):
                entry.write_bytes(one.data)
            else:
                entry.mkdir()
                self.write_folder(entry, one)
            os.chmod(entry, stat.S_IMODE(one.mode))
