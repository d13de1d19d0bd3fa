"""Has Electrum make PSBTs out of wallets. Reads what is wanted as JSON on standard input.

{"folder", "wallets": [{"file", "script", "required", "cosigners": [{"xpub", "xprv" or null, "derivation" or null, "fingerprint" or null}],
  "fundings": [hex], "payments": [{"coins": [number], "outputs": [[address, satoshis]], "rate", "rbf", "sign", "xpubs"}]}]}
Prints for each wallet the PSBTs as base64, as a JSON list of lists.
"""

import base64
import json
import sys

from electrum import constants, keystore, util
from electrum.bip32 import BIP32Node
from electrum.simple_config import SimpleConfig
from electrum.storage import WalletStorage
from electrum.transaction import PartialTxOutput, Transaction
from electrum.wallet import Multisig_Wallet, Standard_Wallet
from electrum.wallet_db import WalletDB

XTYPES = {"p2sh": "standard", "p2sh-p2wsh": "p2wsh-p2sh", "p2wsh": "p2wsh", "p2pkh": "standard", "p2sh-p2wpkh": "p2wpkh-p2sh", "p2wpkh": "p2wpkh"}

constants.set_regtest()
# Wallets ask for an event loop even where nothing is ever awaited.
loop, stop_loop, loop_thread = util.create_and_start_event_loop()
task = json.load(sys.stdin)
config = SimpleConfig({"regtest": True, "electrum_path": task["folder"]})


def key_store(cosigner, xtype):
    def typed(key):
        return BIP32Node.from_xkey(key)._replace(xtype=xtype)

    return keystore.BIP32_KeyStore({
        "type": "bip32",
        "xpub": typed(cosigner["xpub"]).to_xpub(),
        "xprv": cosigner["xprv"] and typed(cosigner["xprv"]).to_xprv(),
        "derivation": cosigner["derivation"],
        "root_fingerprint": cosigner["fingerprint"],
    })


def open_wallet(wanted):
    db = WalletDB("", manual_upgrades=False)
    xtype = XTYPES[wanted["script"]]
    is_single = "pkh" in wanted["script"]
    db.put("wallet_type", "standard" if is_single else "%dof%d" % (wanted["required"], len(wanted["cosigners"])))
    for position, cosigner in enumerate(wanted["cosigners"], 1):
        db.put("keystore" if is_single else "x%d/" % position, key_store(cosigner, xtype).dump())
    wallet = (Standard_Wallet if is_single else Multisig_Wallet)(db, WalletStorage(wanted["file"]), config=config)
    wallet.synchronize()
    for funding in wanted["fundings"]:
        if not wallet.adb.add_transaction(Transaction(funding)):
            raise SystemExit("a funding transaction was not taken")
    return wallet


def make(wallet, payment):
    coins = sorted(wallet.get_spendable_coins(None), key=lambda coin: coin.prevout.to_str())
    chosen = [coins[number % len(coins)] for number in payment["coins"]]
    outputs = [PartialTxOutput.from_address_and_value(address, value) for address, value in payment["outputs"]]
    tx = wallet.make_unsigned_transaction(coins=chosen, outputs=outputs, fee=lambda size: int(size * payment["rate"]), rbf=payment["rbf"])
    if payment["xpubs"]:
        tx.add_info_from_wallet(wallet, include_xpubs=True)
    if payment["sign"]:
        wallet.sign_transaction(tx, None)
    return base64.b64encode(tx.serialize_as_bytes(force_psbt=True)).decode()


made = []
for wanted in task["wallets"]:
    opened = open_wallet(wanted)
    made.append([make(opened, payment) for payment in wanted["payments"]])
print(json.dumps(made))
loop.call_soon_threadsafe(stop_loop.set_result, 1)
loop_thread.join(timeout=5)
