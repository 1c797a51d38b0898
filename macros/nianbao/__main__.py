"""`python -m nianbao`: the command, where no script of it is at hand."""

from nianbao.command.main import main

if __name__ == "__main__":
    main()
