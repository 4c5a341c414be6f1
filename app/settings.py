"""Settings: safe defaults, overridden by COLDBOARD_… variables; nonsense is an error."""

from pathlib import Path

from platformdirs import user_data_path
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict
from pydantic_settings import SettingsError as SourceError

from app.errors import SettingsError

ROOT = Path(__file__).parents[1]


class Settings(BaseSettings):
    """What a person who runs Coldboard may change; the README lists every one."""

    model_config = SettingsConfigDict(env_prefix="COLDBOARD_", frozen=True)

    database_url: str = Field(
        default_factory=lambda: (
            f"sqlite:///{user_data_path('coldboard', appauthor=False) / 'coldboard.sqlite3'}"
        ),
        description="Where attempts are kept, as an SQLAlchemy URL; by default in the user's data.",
    )
    content_folder: Path = Field(
        default=ROOT / "content",
        description="The folder with derivations/, pictures/ and gotchas.toml.",
    )
    own_folder: Path | None = Field(
        default=None,
        description="A folder of the same form with derivations of your own, beside the others.",
    )
    allowed_hosts: list[str] = Field(
        default=["127.0.0.1", "localhost", "[::1]"],
        description='Host names under which it may be reached, as JSON: ["board.example.org"].',
    )
    owner_key: str | None = Field(
        default=None,
        min_length=12,
        description="With a key, all but live sessions is for browsers that were shown it.",
    )


def read_settings() -> Settings:
    """The settings of this process. Raises SettingsError, which names the variable."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        variable = "COLDBOARD_" + "_".join(str(part) for part in first["loc"]).upper()
        raise SettingsError(f"{variable}: {first['msg']} (it is {first['input']!r})") from error
    except SourceError as error:
        raise SettingsError(f"{error}: lists are written as JSON") from error
