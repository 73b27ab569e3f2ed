"""Checks .github/workflows/ci.yml without GitHub: its form, the files, presets, targets and options
that its commands name, and the artifacts that its jobs pass on.

usage: ci_workflow.py ROOT BIN [WORKFLOW]
  ROOT   folder of the sources
  BIN    folder of the programs that the build makes
"""
import glob
import itertools
import json
import os
import re
import subprocess
import sys

import yaml

root, programs = sys.argv[1:3]
workflow_file = sys.argv[3] if len(sys.argv) > 3 else f'{root}/.github/workflows/ci.yml'
faults = []

# The one command without a document: it prepares the machine for the checkout.
FOR_THE_CHECKOUT = re.compile(r'^apt-get update && apt-get install [a-z -]*\bgit\b')


def fault(where, what):
    faults.append(f'{where}: {what}')


def read(path):
    with open(f'{root}/{path}', encoding='utf-8') as file:
        return file.read()


# --- the jobs, once for each row of their matrix ----------------------------------------------------

def rows_of(job):
    matrix = dict(job.get('strategy', {}).get('matrix', {}))
    included = matrix.pop('include', None)
    if included:
        return included
    return [dict(zip(matrix, values)) for values in itertools.product(*matrix.values())]


def filled_in(text, row, where):
    """The text with the matrix expressions replaced by the values of the row."""
    def value(match):
        if match[1] not in row:
            fault(where, f'the matrix has no {match[1]}')
        return str(row.get(match[1], ''))
    return re.sub(r'\$\{\{ *matrix\.(\w+) *\}\}', value, str(text))


def steps_of(jobs):
    """Each step of each job and row: job, place, step, commands, arguments of an action."""
    for name, job in jobs.items():
        for row in rows_of(job):
            for step in job['steps']:
                where = f'{name}, step "{step.get("name", step.get("uses"))}"'
                given = {key: filled_in(value, row, where)
                         for key, value in step.get('with', {}).items()}
                yield name, where, step, filled_in(step.get('run', ''), row, where), given


def shell_of(job, step):
    default = 'sh' if 'ubuntu' in job['runs-on'] else 'pwsh'
    return step.get('shell', job.get('defaults', {}).get('run', {}).get('shell', default))


# --- form -------------------------------------------------------------------------------------------

def check_form(jobs):
    for name, job in jobs.items():
        if not job.get('runs-on') or not job.get('steps'):
            fault(name, 'the job has no "runs-on" or no steps')
        needed = job.get('needs', [])
        for other in [needed] if isinstance(needed, str) else needed:
            if other not in jobs:
                fault(name, f'there is no job {other}')
    for _, where, step, _, _ in steps_of(jobs):
        if ('run' in step) == ('uses' in step):
            fault(where, 'the step must have either "run" or "uses"')
        if 'uses' in step and not re.fullmatch(r'[\w-]+/[\w-]+@v\d+', step['uses']):
            fault(where, f'{step["uses"]} has no version')


# --- commands ---------------------------------------------------------------------------------------

def check_syntax(where, commands):
    result = subprocess.run(['sh', '-n'], input=commands, capture_output=True, text=True)
    if result.returncode != 0:
        fault(where, result.stderr.strip())


def check_files(where, commands):
    for word in re.findall(r'[^\s"\'=]+', commands):
        if re.match(r'\.?(src|tests|examples|include|ci|github)/', word):
            if not os.path.exists(f'{root}/{word}'):
                fault(where, f'there is no file {word}')
        program = re.fullmatch(r'build/\w+/bin/(\w+\.exe)', word)
        if program and not os.path.exists(f'{programs}/{program[1]}'):
            fault(where, f'the build makes no program {program[1]}')


def check_options(where, commands):
    presets = [preset['name'] for preset in json.loads(read('CMakePresets.json'))['buildPresets']]
    for preset in re.findall(r'--preset (\S+)', commands):
        if preset not in presets:
            fault(where, f'there is no preset {preset}')
    lists = ''.join(read(os.path.relpath(path, root)) for path in
                    glob.glob(f'{root}/CMakeLists.txt') +
                    glob.glob(f'{root}/[ste]*/**/CMakeLists.txt', recursive=True))
    for target in re.findall(r'--target (\S+)', commands):
        if f'add_custom_target({target}\n' not in lists:
            fault(where, f'there is no target {target}')
    for option in re.findall(r'-D(WS2SPI_\w+)=', commands):
        if f'option({option} ' not in lists:
            fault(where, f'there is no option {option}')


def check_commands(jobs):
    for name, where, step, commands, _ in steps_of(jobs):
        if shell_of(jobs[name], step) != 'pwsh':
            check_syntax(where, commands)
        check_files(where, commands)
        check_options(where, commands)


def check_documented(jobs):
    """On Debian it runs commands that the documents show."""
    documents = set()
    for path in ('README.md', 'tests/README.md', 'tests/windows/README.md'):
        documents.update(re.findall(r'`([^`\n]+)`', read(path)))
    count = 0
    for name, where, _, commands, _ in steps_of(jobs):
        if 'debian' not in str(jobs[name].get('container', '')):
            continue
        for command in commands.splitlines():
            count += 1
            if command not in documents and not FOR_THE_CHECKOUT.match(command):
                fault(where, f'no document has the command "{command}"')
    if count == 0:
        fault('the workflow', 'it runs nothing on Debian')


# --- artifacts --------------------------------------------------------------------------------------

def check_artifacts(jobs):
    given = {}
    for _, where, step, _, options in steps_of(jobs):
        if step.get('uses', '').startswith('actions/upload-artifact@'):
            given[options['name']] = options['path']
    taken = 0
    for _, where, step, _, options in steps_of(jobs):
        if step.get('uses', '').startswith('actions/download-artifact@'):
            taken += 1
            if options['name'] not in given:
                fault(where, f'no job uploads {options["name"]}')
    if taken == 0:
        fault('the workflow', 'no job downloads an artifact')


def check_kits(jobs):
    """On Windows it unpacks the kit of each word size and starts its runner."""
    names = []
    for name, where, _, commands, _ in steps_of(jobs):
        if name == 'windows':
            names += re.findall(r'"[\w ]+/(ws2spi-tests-\w+)/runner\.exe"', commands)
            for kit in re.findall(r'(ws2spi-tests-\w+)\.zip', commands):
                if not re.fullmatch('ws2spi-tests-(x86_64|i686)', kit):
                    fault(where, f'there is no kit {kit}')
    if set(names) != {'ws2spi-tests-x86_64', 'ws2spi-tests-i686'}:
        fault('windows', f'it runs the kits {sorted(set(names))}')


def main():
    try:
        with open(workflow_file, encoding='utf-8') as file:
            jobs = yaml.safe_load(file)['jobs']
        check_form(jobs)
        check_commands(jobs)
        check_documented(jobs)
        check_artifacts(jobs)
        check_kits(jobs)
    except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        fault('the workflow', f'it does not have the expected form: {error!r}')
    print('\n'.join(dict.fromkeys(faults)))
    sys.exit(1 if faults else 0)


main()
