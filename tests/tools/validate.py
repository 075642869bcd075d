"""validate.py SCHEMA FILE: what a validator that is not ours finds wrong with a file, one line each."""
import json
import sys

import jsonschema
import yaml

with open(sys.argv[1]) as schema_file, open(sys.argv[2]) as file:
    schema, document = json.load(schema_file), yaml.safe_load(file)
jsonschema.Draft7Validator.check_schema(schema)
errors = list(jsonschema.Draft7Validator(schema).iter_errors(document))
for error in errors:
    print("/".join(str(step) for step in error.absolute_path) + ": " + error.message.splitlines()[0])
sys.exit(1 if errors else 0)
