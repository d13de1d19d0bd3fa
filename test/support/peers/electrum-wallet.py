"""Makes an Electrum wallet file, of one key or a multisig one. Reads its description as JSON on standard input.

{"file", "script", "required", "cosigners": [{"xpub", "xprv" or null, "derivation" or null, "fingerprint" or null}]}
Prints the wallet's first receive and change addresses as JSON.
"""

import json
import sys

from electrum import constants, keystore, util
from electrum.bip32 import BIP32Node
from electrum.simple_config import SimpleConfig
from electrum.storage import WalletStorage
from electrum.wallet import Multisig_Wallet, Standard_Wallet
from electrum.wallet_db import WalletDB

constants.set_regtest()
# Wallets ask for an event loop even where nothing is ever awaited.
loop, stop_loop, loop_thread = util.create_and_start_event_loop()
task = json.load(sys.stdin)


# What Electrum calls the script types, ours first.
XTYPES = {
    "p2sh": "standard",
    "p2sh-p2wsh": "p2wsh-p2sh",
    "p2wsh": "p2wsh",
    "p2pkh": "standard",
    "p2sh-p2wpkh": "p2wpkh-p2sh",
    "p2wpkh": "p2wpkh",
}
IS_QUORUM = task["script"] in ("p2sh", "p2sh-p2wsh", "p2wsh")


def typed(key):
    return BIP32Node.from_xkey(key)._replace(xtype=XTYPES[task["script"]])


storage = WalletStorage(task["file"])
db = WalletDB("", manual_upgrades=False)
db.put("wallet_type", "%dof%d" % (task["required"], len(task["cosigners"])) if IS_QUORUM else "standard")
for position, cosigner in enumerate(task["cosigners"], 1):
    xprv = cosigner["xprv"] and typed(cosigner["xprv"]).to_xprv()
    store = keystore.BIP32_KeyStore({
        "type": "bip32",
        "xpub": typed(cosigner["xpub"]).to_xpub(),
        "xprv": xprv,
        "derivation": cosigner["derivation"],
        "root_fingerprint": cosigner["fingerprint"],
    })
    db.put("x%d/" % position if IS_QUORUM else "keystore", store.dump())
wallet = (Multisig_Wallet if IS_QUORUM else Standard_Wallet)(db, storage, config=SimpleConfig({"regtest": True, "electrum_path": task["folder"]}))
wallet.synchronize()
wallet.save_db()
print(json.dumps({"receive": wallet.get_receiving_addresses()[:20], "change": wallet.get_change_addresses()[:10]}))
loop.call_soon_threadsafe(stop_loop.set_result, 1)
loop_thread.join(timeout=5)
