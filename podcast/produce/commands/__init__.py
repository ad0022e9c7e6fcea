# SPDX-License-Identifier: GPL-3.0-or-later
"""What single commands do beside the flow: init, status, doctor, say."""
