# Everything is in tools/dev.py: `make help`.
PYTHON ?= python3
COMMANDS := run test bench setup db demo lint format i18n stop clean help
export DB

.DEFAULT_GOAL := help
.PHONY: $(COMMANDS)
$(COMMANDS):
	@$(PYTHON) tools/dev.py $@ $(ARGS)
