"""Which distribution of PyPI brings a module.

Most carry the name of their module. These do not, and are used often; for any other, a deploy declares
its requirements (docs/dependencies.md).
"""

DISTRIBUTIONS = {
    "Crypto": "pycryptodome",
    "MySQLdb": "mysqlclient",
    "OpenSSL": "pyOpenSSL",
    "PIL": "pillow",
    "attr": "attrs",
    "bs4": "beautifulsoup4",
    "cv2": "opencv-python-headless",
    "dateutil": "python-dateutil",
    "discord": "discord.py",
    "docx": "python-docx",
    "dotenv": "python-dotenv",
    "fitz": "PyMuPDF",
    "git": "GitPython",
    "github": "PyGithub",
    "gitlab": "python-gitlab",
    "google.auth": "google-auth",
    "google.oauth2": "google-auth",
    "google.protobuf": "protobuf",
    "googleapiclient": "google-api-python-client",
    "jose": "python-jose",
    "jwt": "PyJWT",
    "kafka": "kafka-python",
    "magic": "python-magic",
    "multipart": "python-multipart",
    "pptx": "python-pptx",
    "psycopg2": "psycopg2-binary",
    "serial": "pyserial",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "slugify": "python-slugify",
    "socketio": "python-socketio",
    "telegram": "python-telegram-bot",
    "usb": "pyusb",
    "yaml": "PyYAML",
    "zmq": "pyzmq",
}
GOOGLE_CLOUD = ("google", "cloud")


def distribution_of(module):
    """`module` is a dotted name, which may end in something that is no module: `google.cloud.storage.Client`."""
    parts = module.split(".")
    if tuple(parts[:2]) == GOOGLE_CLOUD and len(parts) > 2:
        return "-".join(parts[:3]).replace("_", "-")
    return DISTRIBUTIONS.get(".".join(parts[:2])) or DISTRIBUTIONS.get(parts[0], parts[0])
