"""Starting kernels: a warm parent forks them, a sandbox holds them, Jupyter finds them by name.

`syscalls`, `world`, `confine` and `limits` are the sandbox; `warm` is the parent process and `parent` what
talks to it; `shell` and `learner` run inside a forked kernel; `values` is what may leave one;
`provisioner` makes the same kernels available to every Jupyter program.
"""
