"embedded";
