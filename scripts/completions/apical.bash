# Completions of apical in bash: commands, options, models, keys of a model, rules, what a run file has.
_apical() {
    local IFS=$'\n'
    # shellcheck disable=SC2207 # words are lines
    COMPREPLY=($(apical complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
    [[ ${COMPREPLY[0]-} == *[./=] ]] && compopt -o nospace
    return 0
}
complete -o default -F _apical apical
