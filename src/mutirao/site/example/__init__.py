# SPDX-License-Identifier: AGPL-3.0-or-later
"""The example network "Rede Raízes": invented, plausible, and made by the operations that the screens call."""
