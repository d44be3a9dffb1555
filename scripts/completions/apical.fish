# Completions of apical in fish: commands, options, models, keys of a model, rules, what a run file has.
function __apical_words
    set -l words (commandline -opc) (commandline -ct)
    apical complete -- $words[2..-1] 2>/dev/null
end
complete -c apical -a '(__apical_words)'
