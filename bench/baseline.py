"""
The least that could be called a reply: Starlette, the openai client, one INSERT.

`python -m bench.baseline PORT MODEL_URL DATA_DIR`. The same web server, the same kind of
PostgreSQL and the same stub model as the application; no conversation, no knowledge, no
duty that survives a crash, nobody watching.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

import uvicorn
from openai import AsyncOpenAI
from sqlalchemy import create_engine
from sqlmodel import Field, Session, SQLModel
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from chatrigo import postgres


class BareReply(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    question: str
    answer: str
    created_at: datetime


def application(model_url: str, data_dir: Path) -> Starlette:
    url = postgres.start(data_dir).replace("postgresql://", "postgresql+psycopg://")
    engine = create_engine(url, pool_size=16)
    SQLModel.metadata.create_all(engine, [SQLModel.metadata.tables["barereply"]])
    client = AsyncOpenAI(base_url=model_url, api_key="fake-key", max_retries=0)

    def store(question: str, answer: str) -> None:
        with Session(engine) as session:
            session.add(BareReply(question=question, answer=answer, created_at=datetime.now(UTC)))
            session.commit()

    async def reply(request: Request) -> JSONResponse:
        question = (await request.json())["text"]
        stream = await client.chat.completions.create(
            model="fake-model", messages=[{"role": "user", "content": question}], stream=True
        )
        pieces = [c.choices[0].delta.content or "" async for c in stream if c.choices]
        answer = "".join(pieces).strip()
        await run_in_threadpool(store, question, answer)
        return JSONResponse({"answer": answer})

    return Starlette(routes=[Route("/reply", reply, methods=["POST"])])


if __name__ == "__main__":
    uvicorn.run(
        application(sys.argv[2], Path(sys.argv[3])),
        port=int(sys.argv[1]),
        loop="uvloop",
        http="httptools",
        log_level="warning",
    )
