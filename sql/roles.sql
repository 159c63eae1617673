-- Two roles for a database whose owner is not the service. To be run by the owner, who may create roles, after
-- `signalbox migrate` and again after an update; it does no harm to run it twice:
--
--   psql "$OWNER_URL" -f sql/roles.sql
--   psql "$OWNER_URL" -c "CREATE ROLE signalbox LOGIN PASSWORD '...' IN ROLE signalbox_writer, signalbox_reader"
--
-- signalbox_writer  What the service needs to store: it adds rows, replaces the report of an outcome by a better
--                   one, fills in embeddings, and has the database keep its partitions. It can read no decision but
--                   the text that it embeds, and can delete nothing.
-- signalbox_reader  What a person, a notebook or an export needs: it reads everything and changes nothing. The
--                   service needs it too for GET /v1/decisions and GET /v1/stats.
--
-- `signalbox migrate`, `signalbox erase` and `signalbox label` are for the owner: neither role may change labels.

DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'signalbox_writer') THEN
    CREATE ROLE signalbox_writer NOLOGIN;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'signalbox_reader') THEN
    CREATE ROLE signalbox_reader NOLOGIN;
  END IF;
  EXECUTE format('GRANT USAGE ON SCHEMA %I TO signalbox_writer, signalbox_reader', current_schema());
END
$$;

-- To see whether the schema is the one that the program knows.
GRANT SELECT ON signalbox_migrations TO signalbox_writer, signalbox_reader;

GRANT INSERT ON routing_logs, routing_outcomes, routing_feedback TO signalbox_writer;
GRANT SELECT, UPDATE ON routing_outcomes TO signalbox_writer;
GRANT SELECT (id, user_text, embedding_dim) ON routing_logs TO signalbox_writer;
GRANT UPDATE (embedding, embedding_model, embedding_dim) ON routing_logs TO signalbox_writer;
GRANT EXECUTE ON FUNCTION routing_maintain(text, integer, integer, timestamptz) TO signalbox_writer;
GRANT EXECUTE ON FUNCTION routing_refresh_daily(date) TO signalbox_writer;
GRANT EXECUTE ON FUNCTION routing_label_implicitly(timestamptz) TO signalbox_writer;

GRANT SELECT ON routing_logs, routing_outcomes, routing_feedback, routing_labels, routing_training,
  routing_daily, routing_daily_state TO signalbox_reader;
