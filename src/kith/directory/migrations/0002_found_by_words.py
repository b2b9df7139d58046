"""What a service is found by, and when it or anything told with it changed last."""

from django.db import migrations

from kith.audit.lists import count_changes_of

FOUND_BY = """
-- Words by which a service is found: those of its name weigh most, then who gives it and what it is
-- sorted under, then what is said of it, then where it is, as far as everybody may know that.
create function directory_words(service directory_service) returns tsvector
language sql stable set search_path = public, pg_temp as $$
    select setweight(to_tsvector('english', service.name || ' ' || service.also_called), 'A')
        || setweight(to_tsvector('english', coalesce((
            select provider.name from directory_provider provider
            where provider.id = service.provider_id), '') || ' ' || coalesce((
            select string_agg(term.name || ' ' || array_to_string(term.synonyms, ' '), ' ')
            from directory_tag tag join directory_term term on term.id = tag.term_id
            where tag.service_id = service.id), '')), 'B')
        || setweight(to_tsvector('english', service.description || ' ' || service.who_for), 'C')
        || setweight(to_tsvector('english', coalesce((
            select string_agg(case when place.shown = 'full' then place.name || ' ' else '' end
                || place.town, ' ')
            from directory_serviceatplace held join directory_place place on place.id = held.place_id
            where held.service_id = service.id and place.shown in ('full', 'area')), '')), 'D')
$$;

create function directory_service_written() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
    -- What is told with it says when it changed by itself; a change of its own is now.
    if tg_op = 'INSERT' then
        new.modified_at := clock_timestamp();
    elsif new.modified_at = old.modified_at and (to_jsonb(new) - 'words') <> (to_jsonb(old) - 'words') then
        new.modified_at := clock_timestamp();
    end if;
    new.words := directory_words(new);
    return new;
end
$$;
create trigger service_written before insert or update on directory_service
for each row execute function directory_service_written();

-- The words themselves, as they are typed: only of what everybody may read.
create function directory_service_read() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
    insert into directory_word (word, stem)
    select distinct left(word, 60), (ts_lexize('english_stem', left(word, 60)))[1] from written, lateral regexp_split_to_table(lower(
        written.name || ' ' || written.also_called || ' ' || written.description || ' '
        || written.who_for || ' ' || coalesce((
            select string_agg(term.name || ' ' || array_to_string(term.synonyms, ' '), ' ')
            from directory_tag tag join directory_term term on term.id = tag.term_id
            where tag.service_id = written.id), '')), '[^[:alpha:]]+') as word
    where written.published and not written.professional_only and length(word) > 3
        and ts_lexize('english_stem', left(word, 60)) <> '{}'
    on conflict do nothing;
    return null;
end
$$;
create trigger service_read_new after insert on directory_service
referencing new table as written for each statement execute function directory_service_read();
create trigger service_read_again after update on directory_service
referencing new table as written for each statement execute function directory_service_read();

-- Whatever is told with a service moves when the service changed last.
create function directory_told_with() returns trigger
language plpgsql set search_path = public, pg_temp as $$
declare
    of_services text := case tg_table_name
        when 'directory_provider' then 'select service.id from directory_service service
            join written on written.id = service.provider_id'
        when 'directory_place' then 'select held.service_id from directory_serviceatplace held
            join written on written.id = held.place_id'
        when 'directory_term' then 'select tag.service_id from directory_tag tag
            join written on written.id = tag.term_id'
        when 'directory_notheld' then 'select schedule.service_id from directory_schedule schedule
            join written on written.schedule_id = schedule.id'
        else 'select written.service_id from written'
    end;
begin
    execute 'update directory_service set modified_at = clock_timestamp() where id in ('
        || of_services || ')';
    return null;
end
$$;
"""
TOLD_WITH = ["provider", "place", "term", "tag", "serviceatplace", "schedule", "notheld"]


def _triggers() -> str:
    steps = []
    for table in TOLD_WITH:
        for event, rows in (("insert", "new"), ("update", "new"), ("delete", "old")):
            # What is new of a list, or gone from it, is told with no service.
            if table in {"provider", "place", "term"} and event != "update":
                continue
            steps.append(
                f"create trigger {table}_told_{event} after {event} on directory_{table} "
                f"referencing {rows} table as written "
                "for each statement execute function directory_told_with();"
            )
    return "\n".join(steps)


HELD = """
-- Whether what a schedule says is held on a day.
create function directory_held(schedule directory_schedule, day date) returns boolean
language sql stable set search_path = public, pg_temp as $$
    select coalesce(schedule.since <= day, true) and coalesce(schedule.until >= day, true)
        and case schedule.every
            when 'once' then schedule.since = day
            when 'fortnight' then schedule.weekday = extract(isodow from day) - 1
                and (day - schedule.since) % 14 < 7
            when 'month_day' then schedule.weekday = extract(isodow from day) - 1
                and case when schedule.nth > 0
                    then ceil(extract(day from day) / 7.0) = schedule.nth
                    else extract(month from day + 7) <> extract(month from day) end
            else schedule.weekday = extract(isodow from day) - 1 end
        and (not schedule.term_time_only or exists (
            select from directory_schoolterm term where day between term.since and term.until))
        and (schedule.bank_holidays or not exists (
            select from hubs_closedday closed where closed.day = directory_held.day))
        and not exists (
            select from directory_notheld away
            where away.schedule_id = schedule.id and away.day = directory_held.day)
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("directory", "0001_directory")]
    operations = [
        migrations.RunSQL(
            FOUND_BY + _triggers(),
            "drop function directory_told_with() cascade;"
            "drop function directory_service_read() cascade;"
            "drop function directory_service_written() cascade;"
            "drop function directory_words(directory_service);",
        ),
        *(
            count_changes_of(f"directory_{table}")
            for table in ("term", "samemeaning", "schoolterm", "service")
        ),
        migrations.RunSQL(HELD, "drop function directory_held(directory_schedule, date);"),
    ]
