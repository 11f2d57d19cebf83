"""Uploads that can be resumed, by the tus 1.0 protocol.

The server's side is our own; these kept libraries were tried first, in November 2026:

- drf-tus 2.0.3 (MIT, January 2026). It compares checksums in hexadecimal, while the protocol sends
  them in Base64, so that a right one is answered with 460. Each part is read into memory whole,
  and one above Django's DATA_UPLOAD_MAX_MEMORY_SIZE (2.5 MB) is a 400. Two clients may write to one
  upload at a time; more bytes than were declared are taken; nothing is flushed to the disk, and
  files lie in the system's temporary folder. Everybody who knows an id may read, write and end an
  upload. An expired one goes on as before and is never removed. Another version of the protocol is
  not refused (412), a wrong media type is 400 and not 415, and a header that is no number ends in
  a 500. It needs django-fsm and jsonfield, both given up by their makers. Its version says 2.0.3,
  its code 2.0.2 of May 2024.
- django-tus 0.5.0: nothing since 2020, for Django 2 and 3.
- tuspyserver 4.4 (MIT): a router for FastAPI, with no place for Django's sessions and transactions.

What was overwritten of the first would have been all of its views, its model and its middleware.
"""
