"""Closed segments of telemetry as checksummed Parquet files, seen as one with the live rows."""

from opsweave.record.telemetry.sealed.expiry import Expiry, Keep, Rules
from opsweave.record.telemetry.sealed.manifest import Expired, File, Lost, Manifest, Segment
from opsweave.record.telemetry.sealed.scrub import Mended, Scrub
from opsweave.record.telemetry.sealed.sealing import Closing, Sealer
from opsweave.record.telemetry.sealed.shelf import Shelf

__all__ = [
    "Closing",
    "Expired",
    "Expiry",
    "File",
    "Keep",
    "Lost",
    "Manifest",
    "Mended",
    "Rules",
    "Scrub",
    "Sealer",
    "Segment",
    "Shelf",
]
