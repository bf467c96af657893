"""Makes every model in this folder, and the answers that their frameworks give.

    python3 -m venv .venv && .venv/bin/pip install -r requirements.txt && .venv/bin/python make.py
"""

import deep
import detectors
import exports
import folder
import graphs
import invalid
import resnet
import texts

if __name__ == "__main__":
    folder.clear()
    graphs.make()
    invalid.make()
    exports.make()
    resnet.make()
    deep.make()
    detectors.make()
    texts.make()
