"""Django settings for the shop."""

from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent

SECRET_KEY = 'for development only'
DEBUG = True
ALLOWED_HOSTS = ['localhost', '127.0.0.1']
CSRF_TRUSTED_ORIGINS = ['http://localhost:8001']

INSTALLED_APPS = ['django.contrib.contenttypes', 'django.contrib.staticfiles']
MIDDLEWARE = ['django.middleware.common.CommonMiddleware', 'django.middleware.csrf.CsrfViewMiddleware']
ROOT_URLCONF = 'shop.urls'
STATIC_URL = 'static/'
DEFAULT_AUTO_FIELD = 'django.db.models.BigAutoField'

QUOTES_URL = 'http://localhost:5500/quote'
