"""Run the command line as `python -m keras_sonify`."""

from keras_sonify.cli import main

if __name__ == "__main__":
    main()
