"""The bodies of which a superior office keeps a register: who must report, who has, what it adds up to."""
