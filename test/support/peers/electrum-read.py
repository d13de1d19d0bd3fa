"""Has Electrum read a wallet file that another program wrote. Reads its task as JSON on standard input.

{"file", "folder", "count", "network": "regtest" or "mainnet", "password": or null}
Prints the wallet's first receive and change addresses as JSON, and leaves the file as Electrum itself writes it: brought up to its
own version, and encrypted where a password is given.
"""

import json
import sys

from electrum import constants, util
from electrum.simple_config import SimpleConfig
from electrum.storage import WalletStorage
from electrum.wallet import Wallet
from electrum.wallet_db import WalletDB

task = json.load(sys.stdin)
if task["network"] == "regtest":
    constants.set_regtest()
# Wallets ask for an event loop even where nothing is ever awaited.
loop, stop_loop, loop_thread = util.create_and_start_event_loop()
storage = WalletStorage(task["file"])
db = WalletDB(storage.read(), manual_upgrades=False)
wallet = Wallet(db, storage, config=SimpleConfig({task["network"]: True, "electrum_path": task["folder"]}))
wallet.synchronize()
if task["password"] is not None:
    wallet.update_password(None, task["password"], encrypt_storage=True)
wallet.save_db()
addresses = [[wallet.derive_address(branch, index) for index in range(task["count"])] for branch in (0, 1)]
print(json.dumps({"receive": addresses[0], "change": addresses[1], "type": wallet.txin_type}))
loop.call_soon_threadsafe(stop_loop.set_result, 1)
loop_thread.join(timeout=5)
