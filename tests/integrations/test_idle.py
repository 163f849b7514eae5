import subprocess
import sys

HEAVY = ("openai", "httpx2", "PIL", "aiosmtplib")


def test_what_is_not_used_costs_no_memory():
    """20 MB for the model's client alone, in a process that may never ask."""
    script = (
        "import sys; from chatrigo.integrations import email, images, llm, storage; "
        f"print(*[name for name in {HEAVY} if name in sys.modules])"
    )

    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert run.stdout.strip() == ""
