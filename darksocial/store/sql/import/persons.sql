-- Agents, by their hashes, that are persons' browsers.
CREATE TEMPORARY TABLE import_persons (agent_hash UInt64) ENGINE = Memory
