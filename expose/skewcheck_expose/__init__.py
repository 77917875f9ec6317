"""What services install to say which build they are and which protocols they speak."""

from skewcheck_expose.contract_files import ContractsError, load_contracts, read_contracts
from skewcheck_expose.contracts import Contract
from skewcheck_expose.first_message import read_first_message
from skewcheck_expose.negotiation import Agreed, Refused, negotiate
from skewcheck_expose.offers import Offer, read_offer
from skewcheck_expose.version_document import VersionDocument

__version__ = "0.1.0"

__all__ = [
    "Agreed",
    "Contract",
    "ContractsError",
    "Offer",
    "Refused",
    "VersionDocument",
    "load_contracts",
    "negotiate",
    "read_contracts",
    "read_first_message",
    "read_offer",
]
