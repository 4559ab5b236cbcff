#!/usr/bin/env bash
# Compiles the small main class and writes down Maven's class path, in Maven's order: there are two hessian jars.
set -euo pipefail
mvn -B -q compile dependency:build-classpath -Dmdep.outputFile=target/cp.txt
