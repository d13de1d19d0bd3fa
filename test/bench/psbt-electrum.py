"""Electrum's own classes on the path that the other programs are measured on: parse, sign by two keys, combine, finalize, extract.

Arguments: a file with {"psbt": hex, "rounds", "cosigners": [{"xprv", "derivation", "fingerprint"}]}, the file for the result.
"""

import json
import resource
import sys
import time

from electrum import constants, keystore
from electrum.bip32 import BIP32Node
from electrum.transaction import PartialTransaction, Transaction

try:
    from electrum import descriptor
except ImportError:
    descriptor = None

constants.set_regtest()
with open(sys.argv[1], encoding="utf8") as file:
    task = json.load(file)
unsigned = bytes.fromhex(task["psbt"])


def store_of(cosigner):
    node = BIP32Node.from_xkey(cosigner["xprv"])._replace(xtype="p2wsh")
    return keystore.BIP32_KeyStore({
        "type": "bip32", "xpub": node.to_xpub(), "xprv": node.to_xprv(),
        "derivation": cosigner["derivation"], "root_fingerprint": cosigner["fingerprint"],
    })


stores = [store_of(cosigner) for cosigner in task["cosigners"]]
steps = {}


def timed(name, step):
    before = time.process_time()
    result = step()
    steps.setdefault(name, []).append((time.process_time() - before) * 1000)
    return result


def adopt_input(txin):
    """What a wallet writes into each input that it adopts: by a descriptor since Electrum 4.5, by three fields before."""
    keys = sorted(txin.bip32_paths)
    if descriptor is None:
        txin.script_type = "p2wsh"
        txin.num_sig = 2
        txin.pubkeys = keys
    else:
        providers = [descriptor.PubkeyProvider(origin=None, pubkey=key.hex(), deriv_path=None) for key in keys]
        quorum = descriptor.MultisigDescriptor(pubkeys=providers, thresh=2, is_sorted=True)
        txin.script_descriptor = descriptor.WSHDescriptor(subdescriptor=quorum)


def reply(store):
    transaction = PartialTransaction.from_raw_psbt(unsigned)
    for txin in transaction.inputs():
        adopt_input(txin)
    store.sign_transaction(transaction, None)
    return transaction.serialize_as_bytes()


def adopt(raw):
    transaction = PartialTransaction.from_raw_psbt(raw)
    for txin in transaction.inputs():
        adopt_input(txin)
    return transaction


def combine(replies):
    first, *others = [adopt(raw) for raw in replies]
    for other in others:
        first.combine_with_other_psbt(other)
    return first


for _ in range(task["rounds"]):
    timed("parse", lambda: PartialTransaction.from_raw_psbt(unsigned))
    replies = timed("sign", lambda: [reply(store) for store in stores])
    combined = timed("combine", lambda: combine(replies))
    timed("finalize", combined.finalize_psbt)
    final = timed("extract", combined.serialize_to_network)
    if not combined.is_complete() or len(Transaction(final).inputs()) != len(combined.inputs()):
        raise SystemExit("Electrum did not complete the transaction")

with open(sys.argv[2], "w", encoding="utf8") as file:
    json.dump({"steps": steps, "maxRssMiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}, file)
