"""Everything that one user has, as one file: a zip.

    manifest.json              which format it is in, and what there is in it
    attempts/<id>.ndjson       a recording each, see `app.practice.recording`
    checked/<id>.json          what the checker found in the lines of that attempt, if it was asked
    ratings.ndjson             `[moment, card, grade]` a line, oldest first
    rungs.ndjson               `[moment, derivation, rung, step, passed]` a line, oldest first
    settings.json              `{"value": …, "changed_at": …}` by the name of each that was changed
    derivations/<id>.toml      a derivation of one's own each, as a content file

A file may come from anywhere. Nothing of it is ever unpacked onto a disc: its parts are looked up
by names that are known beforehand and read line by line, and how many there are and how large is
checked before the first is read. A part that is missing, cut off or one too many is an error, so
that half of a file is never taken for the whole.

`parts` says what there is, `container` what a zip may look like, `writer` and `reader` go one way
each.
"""
