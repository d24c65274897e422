"""What is stored: one module a feature."""

from practice.models.accounts import Account, AccountRole, ApiToken, Attempt, OneTimeToken, Role, Session, TokenPurpose
from practice.models.appointments import (
    Appointment,
    AppointmentStatus,
    AppointmentTherapist,
    Attendance,
    AttendanceStatus,
    BookingRequest,
    Hold,
    HoldPurpose,
    IdempotencyKey,
    Lead,
    Occupancy,
    Resource,
    ResourceKind,
    Series,
)
from practice.models.audit import AuditEvent
from practice.models.availability import Availability, DateHours, DateHoursSpan, OutsideBusy, TimeOff
from practice.models.base import Base
from practice.models.calendars import CalendarFeed, FeedKind, FeedLevel
from practice.models.calls import BestTime, CallRequest
from practice.models.images import Image
from practice.models.messages import OutboxMessage
from practice.models.people import AccessKind, Client, ClientAccess, Licence, Listing, SafeContact, Therapist
from practice.models.practice import Closure, Location, Practice, Room, RuleBookRevision
from practice.models.searching import ClientSearch, ClientTerm
from practice.models.services import Audience, Modality, Offer, Service, ServiceKind

__all__ = [
    "AccessKind",
    "Account",
    "AccountRole",
    "ApiToken",
    "Appointment",
    "AppointmentStatus",
    "AppointmentTherapist",
    "Attempt",
    "Attendance",
    "AttendanceStatus",
    "Audience",
    "AuditEvent",
    "Availability",
    "Base",
    "BestTime",
    "BookingRequest",
    "CalendarFeed",
    "CallRequest",
    "Client",
    "ClientAccess",
    "ClientSearch",
    "ClientTerm",
    "Closure",
    "DateHours",
    "DateHoursSpan",
    "FeedKind",
    "FeedLevel",
    "Hold",
    "HoldPurpose",
    "IdempotencyKey",
    "Image",
    "Lead",
    "Licence",
    "Listing",
    "Location",
    "Modality",
    "Occupancy",
    "Offer",
    "OneTimeToken",
    "OutboxMessage",
    "OutsideBusy",
    "Practice",
    "Resource",
    "ResourceKind",
    "Role",
    "Room",
    "RuleBookRevision",
    "SafeContact",
    "Series",
    "Service",
    "ServiceKind",
    "Session",
    "Therapist",
    "TimeOff",
    "TokenPurpose",
]
