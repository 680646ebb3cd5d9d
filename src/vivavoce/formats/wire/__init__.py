"""The testing API's bodies: domain values in, compact UTF-8 JSON out (testing-api.md)."""
