# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a phone keeps, and how it works without a connection: docs/decisions, "Without a connection".

- `middleware`: tells the phone who is signed in and which pages it may keep; refuses one person's forms under another's
  session.
- `pages`: which pages are worth keeping for a person before the connection goes.
- `worker`: the service worker's address, and the files that it brings along.
- `views`: the page of what is kept on this device, the page shown where nothing is kept, who is signed in.
"""
