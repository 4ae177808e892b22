# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""The arguments of MAIL and RCPT, as a client queues them."""
from .address import parse_path
from .library import Parameter
from .structs import CMail, CPath, CRcpt, CSpan, Mail, Rcpt, as_span

# The parameter of each member.  The last two of MAIL have no value, so the
# struct has no member for them.
_MAIL = {"size": Parameter.SIZE, "body": Parameter.BODY, "ret": Parameter.RET,
         "envid": Parameter.ENVID, "auth": Parameter.AUTH,
         "by_time": Parameter.BY, "by_mode": Parameter.BY,
         "by_trace": Parameter.BY, "hold_for": Parameter.HOLDFOR,
         "hold_until": Parameter.HOLDUNTIL,
         "mt_priority": Parameter.MT_PRIORITY, "mtrk": Parameter.MTRK,
         "mtrk_timeout": Parameter.MTRK, "solicit": Parameter.SOLICIT,
         "smtputf8": Parameter.SMTPUTF8, "requiretls": Parameter.REQUIRETLS}
_RCPT = {"notify": Parameter.NOTIFY, "orcpt_type": Parameter.ORCPT,
         "orcpt": Parameter.ORCPT, "orcpt_utf8": Parameter.ORCPT,
         "rrvs": Parameter.RRVS, "rrvs_action": Parameter.RRVS}


def store(struct, name, value):
    """Set a member.  ctypes would cut a number that is too large."""
    kind = dict(struct._fields_)[name]
    if value is None and kind is CSpan:
        return  # an absent span
    if kind is CPath:
        for member in value._fields:
            store(struct.path, member, getattr(value, member))
        return
    setattr(struct, name, as_span(value) if kind is CSpan else value)
    if kind is not CSpan and getattr(struct, name) != value:
        raise ValueError("%r is no value of %s" % (value, name))


def _fill(struct, value_type, table, given, members, syntax):
    if not isinstance(given, value_type):
        given = value_type(*[None] * len(value_type._fields))._replace(
            path=parse_path(given, syntax), parameters=0)
    filled = struct()
    for name in given._fields:
        if getattr(given, name) is not None:
            store(filled, name, getattr(given, name))
    for name, value in members.items():
        if name not in table:
            raise TypeError("no member of a %s: %s"
                            % (value_type.__name__, name))
        if value is None or value is False:
            continue
        filled.parameters |= 1 << table[name]
        if hasattr(filled, name):
            store(filled, name, value)
    filled.kept = given, members  # the spans point into their octets
    return filled


def fill_mail(sender, members, syntax):
    """Return the struct for a sender, which is a path in angle brackets or a
    Mail, and for the members."""
    return _fill(CMail, Mail, _MAIL, sender, members, syntax)


def fill_rcpt(recipient, members, syntax):
    """Return the struct for a recipient, which is a path in angle brackets or
    a Rcpt, and for the members."""
    return _fill(CRcpt, Rcpt, _RCPT, recipient, members, syntax)
