-- What is known of single arrivals from elsewhere: previews of their token, returns, and acts.
-- Grain: one part of that of one run; its parts are added up where they are joined.
CREATE TEMPORARY TABLE beside
(
    visitor UInt64, step UInt64,
    seen_in String, seen_application String, seen_kind String, seen_public UInt8,
    repeated UInt8,
    interactions UInt32, engaged UInt32, scroll UInt8, conversions UInt32,
    conversion_names Array(String), conversion_values Array(Float64),
    conversion_currencies Array(String)
)
ENGINE = Memory
