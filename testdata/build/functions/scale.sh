#!/bin/sh
# A function is given a ResourceList, and gives one back: here with more replicas.
exec sed '/^functionConfig:/,$!s/replicas: 1$/replicas: 3/'
