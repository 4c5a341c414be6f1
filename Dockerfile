FROM python:3.13-slim

RUN useradd --create-home --uid 1000 coldboard \
    && mkdir /data && chown coldboard:coldboard /data
WORKDIR /srv/coldboard

COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements.lock

COPY pyproject.toml README.md LICENSE ./
COPY app ./app
COPY static ./static
COPY templates ./templates
COPY content ./content
RUN pip install --no-cache-dir --no-deps --editable .

USER coldboard
ENV COLDBOARD_DATABASE_URL=sqlite:////data/coldboard.sqlite3
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=3s --start-period=5s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]

# Inside a container the address must be open; publish it on the host's loopback only.
CMD ["coldboard", "serve", "--host", "0.0.0.0", "--port", "8000"]
