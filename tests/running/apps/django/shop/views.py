import json
from urllib.request import urlopen

from django.conf import settings
from django.http import HttpResponse

worktree = (settings.BASE_DIR / 'worktree.txt').read_text().strip()


def quote(request):
    with urlopen(settings.QUOTES_URL) as response:
        quote = json.load(response)
    return HttpResponse(f"{worktree} quotes {quote['worktree']}: {quote['text']}")
