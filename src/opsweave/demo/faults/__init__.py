"""What can go wrong in the company, injected with innocent changes around it."""

from opsweave.demo.faults.catalog import catalogue, fault_named
from opsweave.demo.faults.draw import spec_for
from opsweave.demo.faults.fault import Fault, FaultInfo
from opsweave.demo.faults.injector import Injector
from opsweave.demo.faults.overlap import apart, beside, partner
from opsweave.demo.faults.spec import Decoy, FaultSpec
from opsweave.demo.faults.specfile import load_spec

__all__ = [
    "Decoy",
    "Fault",
    "FaultInfo",
    "FaultSpec",
    "Injector",
    "apart",
    "beside",
    "catalogue",
    "fault_named",
    "load_spec",
    "partner",
    "spec_for",
]
