"""What is stored: one module a feature."""

from practice.models.accounts import Account, AccountRole, ApiToken, Attempt, OneTimeToken, Role, Session, TokenPurpose
from practice.models.agreements import Agreement, AgreementKind, Consent
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
)
from practice.models.audit import AuditEvent
from practice.models.availability import Availability, DateHours, DateHoursSpan, OutsideBusy, TimeOff
from practice.models.base import Base
from practice.models.calendars import CalendarFeed, FeedKind, FeedLevel
from practice.models.calls import BestTime, CallRequest
from practice.models.courses import Course, Enrolment
from practice.models.decisions import Decision, DecisionKind
from practice.models.estimates import Estimate
from practice.models.images import Image
from practice.models.messages import OutboxMessage
from practice.models.people import AccessKind, Client, ClientAccess, Licence, Listing, SafeContact, Therapist
from practice.models.practice import Closure, Location, Practice, Room, RuleBookRevision
from practice.models.searching import ClientSearch, ClientTerm
from practice.models.series import Series, SeriesClient
from practice.models.services import Audience, BelowMinimum, Modality, Offer, Service, ServiceDuration, ServiceKind

__all__ = [
    "AccessKind",
    "Account",
    "AccountRole",
    "Agreement",
    "AgreementKind",
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
    "BelowMinimum",
    "BestTime",
    "BookingRequest",
    "CalendarFeed",
    "CallRequest",
    "Client",
    "ClientAccess",
    "ClientSearch",
    "ClientTerm",
    "Closure",
    "Consent",
    "Course",
    "DateHours",
    "DateHoursSpan",
    "Decision",
    "DecisionKind",
    "Enrolment",
    "Estimate",
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
    "SeriesClient",
    "Service",
    "ServiceDuration",
    "ServiceKind",
    "Session",
    "Therapist",
    "TimeOff",
    "TokenPurpose",
]
